//! Whatever goes wrong with whichever request: running again ends at the same set of bytes.

use std::collections::BTreeMap;

use forge::{Fault, Kind, On, RegistrySetup, Setup};

use super::world::{Seen, World, codes};

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
    let world = World::new(Setup::default());
    check(&world, |count| count.div_ceil(SAMPLE));
}

#[test]
#[ignore = "slow: every fault at every request"]
fn every_fault_at_every_request_leaves_nothing_half_once_it_is_run_again() {
    let world = World::new(Setup::default());
    check(&world, |_| 1);
    let registry = RegistrySetup { referrers: false, ..RegistrySetup::default() };
    let world = World::new(Setup { registry, ..Setup::default() });
    check(&world, |_| 1);
}

/// Publishes once undisturbed; then with each fault at every `step`th request, and again without.
fn check(world: &World, step: impl Fn(u64) -> u64) {
    let first = world.publish(1);
    assert!(codes(&first).is_empty(), "{first:?}");
    let (expected, count) = (world.seen(), world.forge.log().len() as u64);
    second_run_writes_nothing(world, &expected);
    let mut outcomes: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (name, kind) in FAULTS {
        for number in (1..=count).step_by(step(count).try_into().unwrap()) {
            world.reset();
            let fault = world.forge.inject(Fault::once(On::Sequence(number), kind.clone()));
            let stopped = !codes(&world.publish(1)).is_empty();
            let shown = format!("{name} at request {number}");
            assert_eq!(world.forge.fired(fault), 1, "{shown}: was not hit");
            world.forge.disarm();
            let again = world.publish(1);
            assert!(codes(&again).is_empty(), "{shown}: {again:?}");
            assert_eq!(world.seen(), expected, "{shown}");
            outcomes.entry(name).or_default()[usize::from(stopped)] += 1;
        }
    }
    for (name, [went_on, stopped]) in outcomes {
        println!("{name:<28} {stopped:>4} runs stopped, {went_on:>4} went on; all ended equal");
    }
}

fn second_run_writes_nothing(world: &World, expected: &Seen) {
    world.forge.clear_log();
    let second = world.publish(1);
    assert!(codes(&second).is_empty(), "{second:?}");
    let writes = world.forge.writes();
    assert!(writes.is_empty(), "a second run writes: {writes:?}");
    assert_eq!(world.seen(), *expected);
}
