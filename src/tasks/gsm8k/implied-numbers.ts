/** Data only: words of a problem that bring a number into its solution without its digits. Such a number is not the one that is written elsewhere. */
const words: Readonly<Record<number, RegExp>> = {
  2: /\b(?:two|twice|doubl\w*|half|halves|pairs?|couples?|second|both|twins?|each other)\b/i,
  3: /\b(?:three|thrice|triple\w*|thirds?)\b/i,
  4: /\b(?:four|quarters?|quadrupl\w*|fourths?)\b/i,
  5: /\b(?:five|nickels?|fifths?|weekdays?)\b/i,
  6: /\b(?:six|sixths?)\b/i,
  7: /\b(?:seven|sevenths?|weeks?|weekly|daily)\b/i,
  8: /\b(?:eight|eighths?)\b/i,
  9: /\b(?:nine|ninths?)\b/i,
  10: /\b(?:ten|tenths?|dimes?|decades?)\b/i,
  11: /\beleven\b/i,
  12: /\b(?:twelve|dozens?|years?|yearly|months?|monthly|feet|foot|inch\w*)\b/i,
  15: /\bfifteen\b/i,
  16: /\b(?:sixteen|pounds?|ounces?)\b/i,
  20: /\b(?:twenty|scores?)\b/i,
  24: /\b(?:days?|daily|hours?)\b/i,
  25: /\bquarters?\b/i,
  30: /\b(?:thirty|months?|half an hour)\b/i,
  50: /\b(?:fifty|half|weeks?)\b/i,
  52: /\b(?:weeks?|weekly|years?)\b/i,
  60: /\b(?:sixty|minutes?|hours?|seconds?)\b/i,
  100: /%|\b(?:hundreds?|percent\w*|cents?|centur\w*|meters?)\b/i,
}

/** Whether a word of the text may stand for this number. */
export function implied(value: number, text: string): boolean {
  return words[value]?.test(text) ?? false
}
