//! Whatever goes wrong with whichever request: running again ends at the same set of bytes.

use std::collections::BTreeMap;

use forge::{Fault, Kind, On, RegistrySetup, Setup};

use super::fixture::{Fixture, Seen, codes};

/// Every fault, in the words of the report.
const FAULTS: &[(&str, Kind)] = &[
    ("request lost", Kind::DropRequest(0)),
    ("request cut after 100 bytes", Kind::DropRequest(100)),
    ("answer lost", Kind::DropResponse(0)),
    ("answer cut after 40 bytes", Kind::DropResponse(40)),
    ("503, not done", Kind::Status(503)),
    ("500, but done", Kind::StatusAfter(500)),
    ("429", Kind::TooManyRequests { retry_after: 1 }),
    ("stale read", Kind::Stale),
];

/// Requests of the quick tier, spread over the run.
const SAMPLE: u64 = 12;

#[test]
fn a_sample_of_faults_leaves_nothing_half_once_it_is_run_again() {
    let fixture = Fixture::new(Setup::default());
    check(&fixture, |count| count.div_ceil(SAMPLE));
}

#[test]
#[ignore = "slow publish: every fault at every request"]
fn every_fault_at_every_request_leaves_nothing_half_once_it_is_run_again() {
    let fixture = Fixture::new(Setup::default());
    check(&fixture, |_| 1);
    let registry = RegistrySetup { referrers: false, ..RegistrySetup::default() };
    let fixture = Fixture::new(Setup { registry, ..Setup::default() });
    check(&fixture, |_| 1);
}

/// Publishes once undisturbed; then with each fault at every `step`th request, and again without.
fn check(fixture: &Fixture, step: impl Fn(u64) -> u64) {
    let first = fixture.publish(1);
    assert!(codes(&first).is_empty(), "{first:?}");
    let (expected, count) = (fixture.seen(), fixture.forge.log().len() as u64);
    second_run_writes_nothing(fixture, &expected);
    let mut outcomes: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (name, kind) in FAULTS {
        for number in (1..=count).step_by(step(count).try_into().unwrap()) {
            fixture.reset();
            let fault = fixture.forge.inject(Fault::once(On::Sequence(number), kind.clone()));
            let stopped = !codes(&fixture.publish(1)).is_empty();
            let shown = format!("{name} at request {number}");
            assert_eq!(fixture.forge.fired(fault), 1, "{shown}: was not hit");
            fixture.forge.disarm();
            let again = fixture.publish(1);
            assert!(codes(&again).is_empty(), "{shown}: {again:?}");
            assert_eq!(fixture.seen(), expected, "{shown}");
            outcomes.entry(name).or_default()[usize::from(stopped)] += 1;
        }
    }
    for (name, [went_on, stopped]) in outcomes {
        println!("{name:<28} {stopped:>4} runs stopped, {went_on:>4} went on; all ended equal");
    }
}

fn second_run_writes_nothing(fixture: &Fixture, expected: &Seen) {
    fixture.forge.clear_log();
    let second = fixture.publish(1);
    assert!(codes(&second).is_empty(), "{second:?}");
    let writes = fixture.forge.writes();
    assert!(writes.is_empty(), "a second run writes: {writes:?}");
    assert_eq!(fixture.seen(), *expected);
}
