//! This module is how much attention each place of a list gets.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A model of the attention that the places of a list get, as a share of what the first could get.
///
/// ```
/// use evenhand_measure::attention::Attention;
/// let log = Attention::Log;
/// assert_eq!(log.weight(1), Some(1.0));
/// assert_eq!(log.weight(3), Some(0.5));
/// assert_eq!("rbp:0.8".parse(), Ok(Attention::Rbp(0.8)));
/// assert_eq!(Attention::Top(10).to_string(), "top:10");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Attention {
    /// 1 / log2(1 + k): that of discounted cumulative gain (Järvelin and Kekäläinen 2002; Singh and Joachims 2018).
    #[default]
    Log,
    /// 1 / log2(max(k, 2)): that of the older TREC tracks, which discount the second place as the first.
    Trec,
    /// (1 - g) g^(k-1): a reader who goes on to the next place with chance g (Moffat and Zobel 2008).
    Rbp(f64),
    /// p (1 - p)^(k-1): a reader who stops at each place with chance p (Biega and others 2018).
    Geometric(f64),
    /// 1 for the first places, 0 beyond.
    Top(u32),
    /// The share of clicks that each place got in these data, as a part of that of the first.
    Clicks,
}

impl Attention {
    /// The words for it.
    pub const WORDS: &'static str = "log, trec, rbp, rbp:0.85, geometric, geometric:0.5, top:10 or clicks";

    /// The attention of a place, from 1; nothing for [`Attention::Clicks`], which the data have to say.
    #[must_use]
    pub fn weight(self, place: u64) -> Option<f64> {
        let k = place.max(1) as f64;
        Some(match self {
            Self::Log => 1.0 / (1.0 + k).log2(),
            Self::Trec => 1.0 / k.max(2.0).log2(),
            Self::Rbp(g) => (1.0 - g) * g.powf(k - 1.0),
            Self::Geometric(p) => p * (1.0 - p).powf(k - 1.0),
            Self::Top(most) => f64::from(u8::from(place <= u64::from(most))),
            Self::Clicks => return None,
        })
    }

    /// What it means, as the end of a sentence that begins "places get attention".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Log => "that falls with the logarithm of the place".to_owned(),
            Self::Trec => "that falls with the logarithm of the place from the third on".to_owned(),
            Self::Rbp(g) => format!("as if a reader went on to the next with chance {g}"),
            Self::Geometric(p) => format!("as if a reader stopped at each with chance {p}"),
            Self::Top(most) => format!("alike down to place {most}, and none beyond"),
            Self::Clicks => "as the clicks on each place say".to_owned(),
        }
    }
}

impl fmt::Display for Attention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::Trec => f.write_str("trec"),
            Self::Rbp(g) => write!(f, "rbp:{g}"),
            Self::Geometric(p) => write!(f, "geometric:{p}"),
            Self::Top(most) => write!(f, "top:{most}"),
            Self::Clicks => f.write_str("clicks"),
        }
    }
}

impl FromStr for Attention {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, setting) = text.split_once(':').unwrap_or((text, ""));
        let chance = |usual: f64| match setting {
            "" => Some(usual),
            _ => setting
                .parse::<f64>()
                .ok()
                .filter(|chance| *chance > 0.0 && *chance < 1.0),
        };
        let found = match name {
            "log" if setting.is_empty() => Some(Self::Log),
            "trec" if setting.is_empty() => Some(Self::Trec),
            "clicks" if setting.is_empty() => Some(Self::Clicks),
            "rbp" => chance(0.85).map(Self::Rbp),
            "geometric" => chance(0.5).map(Self::Geometric),
            "top" => setting.parse().ok().filter(|most| *most > 0).map(Self::Top),
            _ => None,
        };
        found.ok_or_else(|| format!("`{text}` is none of {}", Self::WORDS))
    }
}

impl Serialize for Attention {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}
