/** The prompts that a method asks besides the plain problem, and the reply that a synthesis prompt asks for: what reflection.ts reads. */
import { guidedTemplate } from './guided-template.ts'
import { rewritingTemplate } from './rewriting-template.ts'
import { synthesisTemplate } from './synthesis-template.ts'
import { tags } from './tags.ts'

export interface SynthesisParts {
  readonly problem: string // as the model was asked it
  readonly attempt: string
  readonly reference: string // a right solution
  readonly answerFormat: string // a sentence: how the task wants the final answer written
}

const tagNames = {
  openAnalysis: tags.analysis.open,
  closeAnalysis: tags.analysis.close,
  openReconstruction: tags.reconstruction.open,
  closeReconstruction: tags.reconstruction.close,
}

/** The user's message of a synthesis call, for tasks that have no wording of their own. */
export function synthesisPrompt(parts: SynthesisParts): string {
  return filled(synthesisTemplate, { ...parts, ...tagNames })
}

/** The same where the reconstruction is to be a whole solution and keeps nothing of the attempt; the problem says its answer's form itself. */
export function rewritingPrompt(parts: Omit<SynthesisParts, 'answerFormat'>): string {
  return filled(rewritingTemplate, { ...parts, ...tagNames })
}

/** The user's message to a teacher that sees a verified solution. */
export function guidedPrompt(parts: { readonly problem: string; readonly solution: string }): string {
  return filled(guidedTemplate, parts)
}

/** A whole reply. Spaces stand around the tags, so that a tokenizer by words finds each as one. */
export function synthesisReply(analysis: string, reconstruction: string): string {
  const part = ({ open, close }: (typeof tags)[keyof typeof tags], text: string): string => `${open} ${text} ${close}`
  return `${part(tags.analysis, analysis)} ${part(tags.reconstruction, reconstruction)}`
}

/** `{name}` becomes values[name]; what is filled in is not looked at again, and braces without a value stay. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (braces, name: string) => values[name] ?? braces)
}
