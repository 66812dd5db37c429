/** Texts without white space compare alike however lines are broken. */
export const squeezed = (text) => text.normalize("NFKC").replace(/[\s\u00ad\u200b-\u200f\u2028-\u202f\u2066-\u2069]+/gu, "");
