//! Chance that is the same every time.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): small, and good enough for
/// shoppers.
#[derive(Debug)]
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `first` to `last`; `first` where there is none.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = u128::try_from(i128::from(last) - i128::from(first) + 1).unwrap_or(1);
        let offset = (u128::from(self.next()) * width) >> 64;
        i64::try_from(i128::from(first) + i128::try_from(offset).unwrap_or(0)).unwrap_or(first)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several, if there are any.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).ok()? - 1;
        from.get(usize::try_from(self.between(0, last)).ok()?)
    }

    /// One of several, each as likely as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(i64, T)]) -> Option<T> {
        let mut left = self.between(1, from.iter().map(|(weight, _)| weight).sum());
        let chosen = from.iter().find(|(weight, _)| {
            left -= weight;
            left <= 0
        });
        chosen.map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_reference_code() {
        let mut dice = Dice::new(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([dice.next(), dice.next(), dice.next()], expected);
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut dice = Dice::new(7);
        for _ in 0..1_000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert_eq!(dice.between(9, 9), 9);
            assert_eq!(dice.weighted(&[(0, 'a'), (1, 'b')]), Some('b'));
        }
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
