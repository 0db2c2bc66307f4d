/** The report as one HTML file that needs nothing else: no scripts, no network, for light, dark and paper. Pure. */
import { escaped, lineChart } from './chart.ts'
import { PICKED, type Report, type Trajectory } from './data.ts'
import { settingsOf } from './settings.ts'
import type { WeightedToken } from './specimen.ts'
import { STYLE } from './style.ts'
import { type Table, tablesOf } from './tables.ts'

export function reportHtml(report: Report): string {
  const { design, comparisons, curves, passAtK, missing, trajectories } = report
  const charts = curves.map(({ name, meaning, unit, arms: series }) =>
    lineChart(series, { title: name, x: `step; ${meaning}`, share: unit === 'share' }),
  )
  const [main, ...tables] = tablesOf(report).map(tableHtml)
  const body = [
    `<h1>${escaped(design.grid)}</h1>`,
    `<p class="lead">${escaped(design.what)}.</p>`,
    `<ul><li>Measured: ${escaped(design.primary)}.</li><li>Selection: ${escaped(design.selection)}.</li><li>Test: ${escaped(design.test)}.</li></ul>`,
    ...(missing.length > 0 ? [`<p class="warning">Not done: ${escaped(missing.join(', '))}.</p>`] : []),
    main,
    legend((comparisons[0]?.arms ?? []).map(({ arm }) => arm)),
    `<div class="charts"><figure>${lineChart(passAtK, { title: 'Pass@k', x: 'k', share: true, logarithmic: true })}</figure></div>`,
    ...tables,
    '<h2>Training</h2>',
    '<p>Means over runs, bands from the lowest to the highest run.</p>',
    `<div class="charts">${charts
      .filter((chart) => chart !== '')
      .map((chart) => `<figure>${chart}</figure>`)
      .join('')}</div>`,
    ...(trajectories.length > 0 ? ['<h2>Trajectories</h2>', `<p>${escaped(PICKED)}</p>`, ...trajectories.map(trajectoryHtml)] : []),
    '<h2>Settings</h2>',
    ...settingsOf(design).map(({ title, text }) => `<details><summary>${escaped(title)}</summary><pre>${escaped(text)}</pre></details>`),
  ]
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(design.grid)}</title>`
  return `<!doctype html>\n<html lang="en"><head>${head}<style>${STYLE}</style></head>\n<body>\n${body.join('\n')}\n</body></html>\n`
}

function tableHtml({ title, columns, rows, notes }: Table): string {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return [
    `<h2>${escaped(title)}</h2>`,
    `<div class="wide"><table><thead>${row(columns, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`,
    ...notes.map((note) => `<p class="note">${escaped(note)}</p>`),
  ].join('\n')
}

function legend(names: readonly string[]): string {
  const key = (i: number): string => `<svg viewBox="0 0 28 10"><polyline class="line s${i}" points="0,5 28,5"/></svg>`
  return `<p class="legend">${names.map((name, i) => `<span>${key(i)} ${escaped(name)}</span>`).join(' ')}</p>`
}

/** Each token as dark as its suppression weight is high. */
function trajectoryHtml({ cell, step, row, parts }: Trajectory): string {
  const tokens = (list: readonly WeightedToken[]): string =>
    list
      .map(({ text, weight }) => `<span style="opacity:${opacity(weight)}" title="weight ${weight.toFixed(2)}">${escaped(text)}</span>`)
      .join('')
  return [
    `<article><h3>${escaped(cell)}, step ${step}</h3>`,
    `<p>${escaped(row.question ?? '')}</p>`,
    ...(['prefix', 'diagnosis', 'correction'] as const).map(
      (part) => `<p class="${part}"><b>${part === 'prefix' ? 'kept prefix' : part}</b> ${tokens(parts[part])}</p>`,
    ),
    `<p class="note">answer ${escaped(row.answer ?? 'none')}, right</p></article>`,
  ].join('\n')
}

function opacity(weight: number): string {
  return Math.min(1, 0.35 + 0.5 * weight).toFixed(2)
}
