//! The driver against rooms in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;

use model::{Diagnostic, Digest};

use super::*;

#[test]
fn a_second_run_writes_nothing() {
    let rooms = [memory("oci", &[("blob", Phase::Stage, 0), ("tag", Phase::Finish, 0)])];
    check(&rooms, &all(), "blob written, tag written", "");
    check(&rooms, &all(), "blob already-there, tag already-there", "");
    assert_eq!(rooms[0].writes(), ["blob", "tag"]);
}

#[test]
fn other_bytes_in_one_room_keep_all_rooms_from_being_written() {
    let rooms = [
        memory("oci", &[("blob", Phase::Stage, 0)]),
        memory("pypi", &[("wheel", Phase::Index, 0)]).holding("wheel", Answer::Other("x".into())),
    ];
    check(&rooms, &all(), "blob missing, wheel refused", "publish-other-bytes");
    assert!(rooms.iter().all(|room| room.writes().is_empty()));
}

#[test]
fn a_question_that_failed_is_not_absence() {
    let rooms =
        [memory("oci", &[("one", Phase::Stage, 0), ("two", Phase::Stage, 0)]).deaf_to("two")];
    check(&rooms, &all(), "one missing, two failed", "remote-unreachable");
    assert!(rooms[0].writes().is_empty());
    let rooms =
        [memory("oci", &[("one", Phase::Stage, 0), ("two", Phase::Stage, 1)]).deaf_to("one")];
    check(&rooms, &all(), "one failed, two unknown", "remote-unreachable");
}

#[test]
fn phases_and_steps_go_out_in_order_over_all_rooms() {
    let rooms = [
        memory("oci", &[("tag", Phase::Finish, 0), ("index", Phase::Stage, 1)]),
        memory("pypi", &[("wheel", Phase::Index, 0)]),
        memory("github", &[("asset", Phase::Stage, 0), ("publish", Phase::Finish, 1)]),
    ];
    let written = Mutex::new(Vec::new());
    let listen = |event: &Event<'_>| {
        if let Event::Written { item, .. } = event {
            written.lock().unwrap().push(item.name.clone());
        }
    };
    let _ = publish(&boxed(&rooms), &all(), &listen);
    assert_eq!(*written.lock().unwrap(), ["asset", "index", "wheel", "tag", "publish"]);
}

#[test]
fn staging_leaves_the_rest_and_finishing_waits_for_it() {
    let rooms = [memory(
        "all",
        &[("blob", Phase::Stage, 0), ("wheel", Phase::Index, 0), ("tag", Phase::Finish, 0)],
    )];
    check(&rooms, &only(Phase::Finish), "blob missing, wheel missing, tag missing", TOO_EARLY);
    check(&rooms, &only(Phase::Stage), "blob written, wheel missing, tag missing", "");
    check(
        &rooms,
        &only(Phase::Finish),
        "blob already-there, wheel missing, tag missing",
        TOO_EARLY,
    );
    check(&rooms, &only(Phase::Index), "blob already-there, wheel written, tag missing", "");
    check(&rooms, &only(Phase::Finish), "blob already-there, wheel already-there, tag written", "");
}

#[test]
fn a_dry_run_asks_everything_and_writes_nothing() {
    let rooms = [memory("oci", &[("blob", Phase::Stage, 0)])];
    check(&rooms, &Order { dry_run: true, ..all() }, "blob missing", "");
    assert!(rooms[0].writes().is_empty());
}

#[test]
fn a_write_that_broke_off_counts_when_it_arrived_and_not_when_it_did_not() {
    let arrived = [memory("oci", &[("blob", Phase::Stage, 0)]).breaking(true)];
    check(&arrived, &all(), "blob written", "");
    let lost = [memory("oci", &[("blob", Phase::Stage, 0)]).breaking(false)];
    check(&lost, &all(), "blob failed", "registry-upload");
}

#[test]
fn what_was_taken_but_is_not_served_ends_the_run_before_the_next_step() {
    let rooms = [memory("oci", &[("blob", Phase::Stage, 0), ("tag", Phase::Finish, 0)]).lossy()];
    check(&rooms, &all(), "blob failed, tag missing", "publish-read-back");
    assert_eq!(rooms[0].writes(), ["blob"]);
}

#[test]
fn what_may_be_replaced_is_replaced() {
    let rooms = [memory("oci", &[("latest", Phase::Finish, 0)]).holding("latest", Answer::Stale)];
    check(&rooms, &all(), "latest written", "");
}

/// Runs once; compares the items' fates, and the codes of the problems.
fn check(rooms: &[Memory], order: &Order, fates: &str, codes: &str) {
    let run = publish(&boxed(rooms), order, &|_| {});
    let spelled = |ended: &Ended| {
        let fate = serde_json::to_value(ended.fate).unwrap();
        format!("{} {}", ended.item.name, fate.as_str().unwrap())
    };
    let found: Vec<String> = run.items.iter().map(spelled).collect();
    let found_codes: Vec<&str> = run.problems.0.iter().map(|p| p.code.name).collect();
    assert_eq!((found.join(", "), found_codes.join(" ")), (fates.to_owned(), codes.to_owned()));
}

const TOO_EARLY: &str = "publish-too-early";

fn all() -> Order {
    let phases = [Phase::Stage, Phase::Index, Phase::Finish].into();
    Order { phases, dry_run: false }
}

fn only(phase: Phase) -> Order {
    Order { phases: [phase].into(), dry_run: false }
}

fn boxed(rooms: &[Memory]) -> Vec<Box<dyn Room + '_>> {
    rooms.iter().map(|room| Box::new(room) as Box<dyn Room + '_>).collect()
}

/// A room in memory, with faults.
struct Memory {
    name: String,
    items: Vec<Item>,
    held: Mutex<BTreeMap<String, Answer>>,
    writes: Mutex<Vec<String>>,
    deaf_to: String,
    breaking: Option<bool>,
    lossy: bool,
}

fn memory(name: &str, items: &[(&str, Phase, u8)]) -> Memory {
    let item = |&(name, phase, step): &(&str, Phase, u8)| Item {
        name: name.to_owned(),
        phase,
        step,
        size: 1,
        digest: Digest::of(name.as_bytes()),
    };
    Memory {
        name: name.to_owned(),
        items: items.iter().map(item).collect(),
        held: Mutex::default(),
        writes: Mutex::default(),
        deaf_to: String::new(),
        breaking: None,
        lossy: false,
    }
}

impl Memory {
    fn holding(self, item: &str, answer: Answer) -> Self {
        self.held.lock().unwrap().insert(item.to_owned(), answer);
        self
    }

    fn deaf_to(mut self, item: &str) -> Self {
        self.deaf_to = item.to_owned();
        self
    }

    fn breaking(mut self, arrives: bool) -> Self {
        self.breaking = Some(arrives);
        self
    }

    fn lossy(mut self) -> Self {
        self.lossy = true;
        self
    }

    fn writes(&self) -> Vec<String> {
        self.writes.lock().unwrap().clone()
    }
}

impl Room for &Memory {
    fn name(&self) -> &str {
        &self.name
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        if item.name == self.deaf_to {
            return Err(Diagnostic::new(&codes::REMOTE_UNREACHABLE, "no answer"));
        }
        Ok(self.held.lock().unwrap().get(&item.name).cloned().unwrap_or(Answer::Absent))
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        self.writes.lock().unwrap().push(item.name.clone());
        if !self.lossy && self.breaking != Some(false) {
            self.held.lock().unwrap().insert(item.name.clone(), Answer::Same);
        }
        match self.breaking {
            Some(_) => Err(Diagnostic::new(&codes::REGISTRY_UPLOAD, "the connection was reset")),
            None => Ok(()),
        }
    }

    fn width(&self) -> usize {
        0
    }
}
