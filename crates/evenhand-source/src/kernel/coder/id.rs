//! This module turns ids into numbers that no memory of the ids is needed for.

use evenhand_measure::tally::BUCKETS;

use super::{Coded, NO_ID};

/// The code of an id's bucket: code 1 is bucket 0.
pub(super) fn bucket(id: &str) -> Coded {
    Coded::Code((fnv1a(id.as_bytes()) % u64::from(BUCKETS)) as u32 + 1)
}

/// The hash of an id. One that happens to be that of a missing id becomes its neighbour.
pub(super) fn id(id: &str) -> Coded {
    Coded::Id(fnv1a(id.as_bytes()).max(NO_ID + 1))
}

/// The 64-bit hash FNV-1a (Fowler, Noll, Vo; RFC 9923). Written out because tallies made years apart must agree on it.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    bytes
        .iter()
        .fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}
