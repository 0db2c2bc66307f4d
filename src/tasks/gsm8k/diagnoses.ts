/**
 * Data only: ways in which a solver notices, in the first person, that the step just written is wrong. Names in braces are filled in by
 * correction.ts. Each has a reflection marker and says nothing of a solution, an attempt or instructions.
 */
export const diagnoses = {
  /** A calculation that is arithmetically false. */
  false: [
    'Wait, {expression} is not {given}, it is {truth}.',
    'Wait, that is wrong. {expression} is {truth}.',
    'Hold on, I made a mistake: {expression} is {truth}, not {given}.',
    'Wait, let me check that. {expression} is {truth}, so {given} is wrong.',
    'Hold on, {given} is wrong, because {expression} is {truth}.',
  ],
  /** A calculation that is true and of no use here. */
  stray: [
    'Wait, that is wrong. {expression} is not what I need here.',
    'Hold on, I made a mistake: {given} is not the number that I need.',
    'Wait, that step does not fit the question, so {given} is wrong here.',
    'Wait, let me check that. I should not work out {expression} here.',
    'Hold on, I misread the question, {expression} is wrong here.',
  ],
  /** A final answer that no step is to blame for. */
  answer: [
    'Wait, that is wrong. {given} is not what the question asks for.',
    'Hold on, I made a mistake: {given} is not the answer to the question.',
    'Wait, let me check that. The question does not ask for {given}.',
    'Hold on, I am not done, {given} is not the answer yet.',
  ],
} as const
