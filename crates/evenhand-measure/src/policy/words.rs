//! This module is how a setting with a few words as values is printed and read.

/// Settings with a few words as values, in policies and on command lines.
macro_rules! words {
    ($($kind:ident { $($word:literal => $value:ident),+ })+) => {$(
        impl $kind {
            /// The words for it.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$value => $word),+ })
            }
        }

        impl std::str::FromStr for $kind {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$value),)+
                    _ => Err(format!("`{word}` is none of {}", Self::WORDS.join(", "))),
                }
            }
        }
    )+};
}
pub(super) use words;
