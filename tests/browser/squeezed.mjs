/** Texts without white space and capitals compare alike however lines are broken and sentences begin. */
export const squeezed = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s\u00ad\u200b-\u200f\u2028-\u202f\u2066-\u2069]+/gu, "");
