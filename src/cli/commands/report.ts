/** `tapo report`: its options and help. */
import { Command } from 'commander'

export interface ReportOptions {
  readonly out?: string
}

const help = `
Examples:
  tapo report runs/mini-grid                           writes report.html, report.md and report.json there
  tapo report runs/mini-grid --out docs/evidence/mini

The HTML file needs no network and no scripts. What is measured and how it is tested stands in it, as it was laid down before the first run.`

export function reportCommand(): Command {
  return new Command('report')
    .description('write what a grid of methods and seeds found: HTML with charts, Markdown, JSON')
    .argument('<grid>', "a grid's folder, made by tapo experiment")
    .option('--out <dir>', "where to write; by default the grid's folder")
    .addHelpText('after', help)
    .action(async (grid: string, options: ReportOptions) => {
      const { writeReport } = await import('../work/grid-report.ts')
      await writeReport(grid, options)
    })
}
