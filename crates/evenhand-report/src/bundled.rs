//! This module holds the fonts that come with the program; `fonts/README.md` says where they are from.

/// Noto Sans, then its bold face, then those for Hebrew and Arabic.
pub(crate) static FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
];

/// The signs beside outcomes and those of arithmetic.
pub(crate) static SIGNS: [&[u8]; 2] = [
    include_bytes!("../fonts/NotoSansSymbols2-Subset.ttf"),
    include_bytes!("../fonts/NotoSansMath-Subset.ttf"),
];
