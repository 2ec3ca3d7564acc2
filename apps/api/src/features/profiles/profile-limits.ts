/**
 * Of a profile that is summarised, packed or not. Thirty seconds of eight cores on stacks of which no two are alike are less;
 * what is larger is kept all the same, and drawn by the browser.
 */
export const MOST_PROFILE_BYTES = 4 * 1024 * 1024;
