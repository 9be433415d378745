//! A destination from outside: a shelf in memory that says what it holds.

use std::collections::BTreeMap;
use std::sync::Mutex;

use model::{Diagnostic, Digest};
use publish::{Answer, Destination, Item, ItemStatus, Options, Phase};

/// What lies on it, by name.
struct Shelf {
    items: Vec<Item>,
    held: Mutex<BTreeMap<String, Digest>>,
}

impl Shelf {
    /// A shelf for `items`, which holds one of them under other bytes where `taken` names it.
    fn of(items: &[&str], taken: Option<&str>) -> Self {
        let item = |name: &&str| Item {
            name: (*name).to_owned(),
            phase: Phase::Stage,
            step: 0,
            size: 1,
            digest: Digest::of(name.as_bytes()),
        };
        let taken = taken.map(|name| (name.to_owned(), Digest::of(b"other")));
        Self {
            items: items.iter().map(item).collect(),
            held: Mutex::new(taken.into_iter().collect()),
        }
    }
}

impl Destination for Shelf {
    fn name(&self) -> &str {
        "shelf"
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        Ok(match self.held.lock().unwrap().get(&item.name) {
            None => Answer::Absent,
            Some(digest) if *digest == item.digest => Answer::Same,
            Some(digest) => Answer::Other(digest.to_string()),
        })
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        self.held.lock().unwrap().insert(item.name.clone(), item.digest);
        Ok(())
    }
}

#[test]
fn a_destination_from_outside_is_asked_written_and_asked_again() {
    let check = |taken, expected: &[ItemStatus]| {
        let shelf: [Box<dyn Destination>; 1] = [Box::new(Shelf::of(&["a", "b"], taken))];
        let options = Options { phases: [Phase::Stage].into(), dry_run: false };
        let mut last = Vec::new();
        for _ in 0..2 {
            let run = publish::publish(&shelf, &options, &|_| {});
            last.extend(run.items.iter().map(|item| item.status));
        }
        assert_eq!(last, expected);
    };
    let (written, there) = (ItemStatus::Written, ItemStatus::AlreadyThere);
    check(None, &[written, written, there, there]);
    // Nothing is written anywhere where something else lies under a name.
    let (missing, refused) = (ItemStatus::Missing, ItemStatus::Refused);
    check(Some("b"), &[missing, refused, missing, refused]);
}
