//! How many loops stand where, kept with every commit, so that nobody counts them. What is made of it is in `telemetry::figures`.

use crate::domain::interview_loop::{Head, Phase};
use crate::store::codec::{self, Kind};
use crate::store::keys;

/// The loops of all workspaces: open, revealed, decided, withdrawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally(pub(super) [u64; 4]);

impl Tally {
    /// A loop goes from one phase, or from nowhere, into another, or is gone.
    pub(super) fn moves(&mut self, (from, to): (Option<Phase>, Option<Phase>)) {
        if let Some(from) = from {
            let place = &mut self.0[place(from)];
            *place = place.saturating_sub(1);
        }
        if let Some(to) = to {
            self.0[place(to)] += 1;
        }
    }

    pub(super) fn record(self) -> Vec<u8> {
        codec::encode(Kind::Tally, 0, &self.0)
    }

    /// What was kept. Where an earlier version of the program kept nothing, or it is damaged, the loops are counted, once.
    pub(super) fn kept_in(tree: &::sled::Db) -> ::sled::Result<Self> {
        let kept = tree.get(keys::tally())?;
        if let Some(Ok((_, tally))) = kept.map(|record| codec::decode(Kind::Tally, &record)) {
            return Ok(Self(tally));
        }
        let mut tally = Self::default();
        for entry in tree.scan_prefix([Kind::Head as u8]) {
            let (_, record) = entry?;
            // Whoever asks for a damaged one is told.
            if let Ok((_, head)) = codec::decode::<Head>(Kind::Head, &record) {
                tally.moves((None, Some(head.phase())));
            }
        }
        tree.insert(keys::tally(), tally.record())?;
        tree.flush()?;
        Ok(tally)
    }
}

fn place(phase: Phase) -> usize {
    match phase {
        Phase::Open => 0,
        Phase::Revealed => 1,
        Phase::Decided => 2,
        Phase::Withdrawn => 3,
    }
}
