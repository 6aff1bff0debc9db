//! Makes the lists anew for loops that were stored before a list existed. How they are kept from then on is in `unit`.

use crate::domain::interview_loop::Head;
use crate::store::codec::{self, Kind};
use crate::store::keys;
use crate::store::moving::LISTS;

/// How many loops are listed in one batch.
const AT_ONCE: usize = 1000;

/// Lists every loop where an earlier version of the program kept fewer lists.
///
/// An entry that is there already is written once more, the same; a loop that cannot be read is left out, and reported by whoever asks
/// for it. Where this is interrupted, it begins anew at the next opening.
pub(super) fn bring_up_to_date(tree: &::sled::Db) -> ::sled::Result<()> {
    let kept = tree.get(keys::lists_kept())?;
    let kept = kept.and_then(|record| codec::number(Kind::ListsKept, &record).ok());
    if kept.is_some_and(|kept| kept >= LISTS) {
        return Ok(());
    }
    let mut batch = ::sled::Batch::default();
    let mut waiting = 0;
    for entry in tree.scan_prefix([Kind::Head as u8]) {
        let (key, record) = entry?;
        let workspace = keys::workspace_of_head(&key);
        let head = codec::decode::<Head>(Kind::Head, &record);
        let (Some(workspace), Ok((_, head))) = (workspace, head) else {
            continue;
        };
        for (kind, key) in keys::listings(&workspace, &head) {
            batch.insert(key, codec::encode(kind, 0, &head.code));
        }
        waiting += 1;
        if waiting == AT_ONCE {
            tree.apply_batch(std::mem::take(&mut batch))?;
            waiting = 0;
        }
    }
    tree.apply_batch(batch)?;
    // The lists first: were this on disk without them, they would never be made.
    tree.flush()?;
    tree.insert(
        keys::lists_kept(),
        codec::encode(Kind::ListsKept, LISTS, &()),
    )?;
    tree.flush()?;
    Ok(())
}
