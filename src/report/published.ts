/** Data only: the paper's own figures, in per cent, as far as they are known [P]. They stand beside ours in a report; nothing is computed from them. */

export interface Published {
  readonly source: string
  readonly setting: string
  readonly benchmarks: readonly string[]
  readonly rows: readonly { readonly figure: string; readonly method: string; readonly values: readonly (number | undefined)[] }[]
}

export const published: Published = {
  source: 'arXiv 2606.18844',
  setting: 'Qwen3-8B with thinking off after the cold start, trained on DeepScaleR for 500 steps, 16 samples a problem',
  benchmarks: ['AIME 2024', 'AIME 2025', 'HMMT 2025'],
  rows: [
    { figure: 'Pass@1', method: 'GRPO', values: [52.92, 46.88, 28.75] },
    { figure: 'Pass@1', method: 'OPSD', values: [57.71, undefined, 24.17] },
    { figure: 'Pass@1', method: 'TAPO', values: [62.5, 46.88, 31.46] },
    { figure: 'DSR', method: 'GRPO', values: [34, 22.1, 28] },
    { figure: 'DSR', method: 'TAPO', values: [47.5, 38, 50.4] },
    { figure: 'ERR', method: 'GRPO', values: [52, 51.5, 33.8] },
    { figure: 'ERR', method: 'TAPO', values: [63.4, 56.3, 36.8] },
  ],
}
