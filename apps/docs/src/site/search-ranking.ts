/**
 * How the search weighs pages. Long pages full of a word would else come before the one that is about it: with half the weight on
 * how often a word occurs, the pages of `Asset` and of uploads are found first by their names.
 */
export const searchRanking = { termFrequency: 0.5 } as const;
