//! This module is what numbers and ids of a column are read for.

/// What the numbers of a column are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberUse {
    /// How likely a model takes the event to be.
    Score,
    /// A price, a limit, an amount.
    Amount,
    /// What the amount should have been.
    TrueAmount,
    /// The place of an item in its list.
    Rank,
    /// How much the user wanted the item; `true` and `yes` are 1, `false` and `no` are 0.
    Relevance,
    /// How good the item is.
    Merit,
    /// How often the item was wanted so far.
    Popularity,
    /// A reason for other amounts that is taken for legitimate.
    Control,
}

impl NumberUse {
    /// The word for the role in messages.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Amount => "amount",
            Self::TrueAmount => "true-amount",
            Self::Rank => "rank",
            Self::Relevance => "relevance",
            Self::Merit => "merit",
            Self::Popularity => "popularity",
            Self::Control => "controls",
        }
    }

    /// What it needs, to be followed by "plain numbers".
    pub(crate) fn needs(self) -> &'static str {
        match self {
            Self::Score => "scores need",
            Self::Amount => "amounts need",
            Self::TrueAmount => "true amounts need",
            Self::Rank => "ranks need",
            Self::Relevance => "relevance needs yes and no, or",
            Self::Merit => "merit needs",
            Self::Popularity => "popularity needs",
            Self::Control => "controls need",
        }
    }
}

/// What the ids of a column are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdUse {
    /// The list that an item is in.
    List,
    /// The item.
    Item,
    /// Whose list it is.
    User,
}

impl IdUse {
    /// The word for the role in messages.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Item => "item",
            Self::User => "user",
        }
    }
}
