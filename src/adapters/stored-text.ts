/** Text that every store keeps as it is: SQLite's binding cuts at NUL, and UTF-8 cannot hold half a surrogate pair. */
export const isStorable = (text: unknown): text is string =>
  typeof text === 'string' && !/[\0\p{Surrogate}]/u.test(text);

export const NAME_CHARS_MAX = 500;

/** What a document or a person may be called. */
export const isName = (text: unknown): text is string =>
  isStorable(text) && text.length > 0 && text.length <= NAME_CHARS_MAX;
