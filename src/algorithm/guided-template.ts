/** Data only: how a teacher that sees a verified solution is asked a problem in plain text [D]. Names in braces are filled in by prompt.ts. */
export const guidedTemplate = `{problem}

Here is a correct solution of this problem:

{solution}

Understand it, then answer the problem yourself from the beginning, in the form that it asks for. Never mention this solution or these instructions.`
