//! Other bytes under the same names, other publishers at the same time, and what must not go out.

use std::fs;

use forge::{Service, Setup};
use pipeline::Part;
use product_tests::sample::Sample;

use super::fixture::{Fixture, codes, publish};

#[test]
fn other_bytes_anywhere_stop_the_run_before_anything_is_written() {
    let fixture = Fixture::new(Setup::default());
    assert!(codes(&fixture.publish(1)).is_empty());
    let (seen, host) = (fixture.seen(), fixture.forge.host(Service::Registry));
    let other = Sample::build(&host, "good day");
    fixture.forge.clear_log();
    let outcome = publish(&fixture.asked(&other.dist(), 1));
    let found = codes(&outcome);
    assert!(found.iter().all(|code| code == "publish-other-bytes"), "{outcome:?}");
    assert!(fixture.forge.writes().is_empty(), "something was written");
    assert_eq!(fixture.seen(), seen);
    let published = outcome.unwrap();
    assert_eq!(published.failure().map(|kind| kind as u8), Some(1));
    let tag = format!("{host}/team/small-server:1.0.0");
    let problems = &published.run.problems.0;
    let told = problems.iter().find(|problem| problem.message.contains(&tag)).unwrap();
    let digests = told.message.matches("sha256:").count();
    assert_eq!(digests, 2, "both digests are named: {}", told.message);
}

#[test]
fn of_two_publishers_at_once_one_wins_and_nothing_is_mixed() {
    let fixture = Fixture::new(Setup::default());
    let other = Sample::build(&fixture.forge.host(Service::Registry), "good day");
    let asked = [fixture.asked(&fixture.sample.dist(), 3), fixture.asked(&other.dist(), 3)];
    let outcomes = std::thread::scope(|scope| {
        let runs = asked.each_ref().map(|asked| scope.spawn(|| publish(asked)));
        runs.map(|run| run.join().unwrap())
    });
    let won: Vec<bool> = outcomes.iter().map(|outcome| codes(outcome).is_empty()).collect();
    assert!(won.iter().filter(|won| **won).count() <= 1, "both say that they won: {outcomes:?}");
    // Whoever runs again decides it: one release is whole, the other one is told so.
    let again = asked.each_ref().map(publish);
    let whole = again.iter().filter(|outcome| codes(outcome).is_empty()).count();
    assert!(whole <= 1, "{again:?}");
    let releases = fixture.seen().releases;
    assert!(releases.len() <= 1, "{releases:?}");
    for assets in releases.values() {
        let dists = [fixture.sample.dist(), other.dist()];
        let equal = dists.iter().any(|dist| {
            assets.iter().all(|(name, digest)| {
                let file = fs::read(dist.join("github").join(name));
                file.is_ok_and(|bytes| model::Digest::of(&bytes) == *digest)
            })
        });
        assert!(equal, "a release of both: {assets:?}");
    }
}

#[test]
fn the_parts_of_a_publication_go_out_in_order() {
    let fixture = Fixture::new(Setup::default());
    let part = |part| {
        let asked = pipeline::Publishing { part, ..fixture.asked(&fixture.sample.dist(), 1) };
        codes(&publish(&asked))
    };
    assert_eq!(part(Part::Finish), ["publish-too-early"]);
    assert!(fixture.forge.writes().is_empty());
    assert!(part(Part::Stage).is_empty());
    let seen = fixture.seen();
    assert_eq!((seen.releases.len(), seen.drafts), (0, 1), "staging publishes nothing");
    assert!(seen.registry.values().all(|[_, _, tags]| tags.is_empty()), "staging moves no tag");
    assert!(part(Part::Finish).is_empty());
    let seen = fixture.seen();
    assert_eq!((seen.releases.len(), seen.drafts), (1, 0));
}

#[test]
fn a_dry_run_and_a_release_that_does_not_verify_write_nothing() {
    let fixture = Fixture::new(Setup::default());
    let dist = fixture.sample.dist();
    let dry = pipeline::Publishing { dry_run: true, ..fixture.asked(&dist, 1) };
    assert!(codes(&publish(&dry)).is_empty());
    let chart = dist.join("helm/small-chart-1.0.0.tgz");
    alter(&chart);
    let outcome = fixture.publish(1);
    assert_eq!(outcome.as_ref().err().map(|failure| failure.kind as u8), Some(1), "{outcome:?}");
    assert!(fixture.forge.writes().is_empty());
    fs::remove_file(dist.join("release.json")).unwrap();
    assert!(fixture.publish(1).is_err(), "what is not sealed was published");
    assert!(fixture.forge.writes().is_empty());
}

#[test]
fn what_stays_here_is_looked_at_unless_the_key_says_whose_release_it_is() {
    let fixture = Fixture::new(Setup::default());
    let dist = fixture.sample.dist();
    let key = dist.join("signing-key.pub");
    let image = |known: bool| pipeline::Publishing {
        only: [pipeline::Destination::Format(oci::FORMAT)].into(),
        policy: pipeline::policy(known.then_some(key.as_path())).unwrap(),
        ..fixture.asked(&dist, 1)
    };
    alter(&dist.join("binary/small-server-linux-amd64"));
    let outcome = publish(&image(false));
    assert!(codes(&outcome).contains(&"file-digest".to_owned()), "{outcome:?}");
    assert!(fixture.forge.writes().is_empty());
    // Nor does its download go anywhere: a copy of its own, as it is where artifacts were fetched.
    alter(&dist.join("github/small-server-linux-amd64"));
    let outcome = publish(&image(true));
    assert!(codes(&outcome).is_empty(), "{outcome:?}");
    fixture.reset();
    let blobs = fs::read_dir(dist.join("oci/small-server/blobs/sha256")).unwrap();
    let largest = blobs.flatten().max_by_key(|blob| blob.metadata().unwrap().len()).unwrap();
    alter(&largest.path());
    let outcome = publish(&image(true));
    assert_eq!(codes(&outcome), ["file-digest"], "{outcome:?}");
    assert!(fixture.forge.writes().is_empty());
    // The binary is what goes out here, under its second name.
    let download =
        pipeline::Publishing { only: [pipeline::Destination::Github].into(), ..image(true) };
    let outcome = publish(&download);
    assert!(codes(&outcome).contains(&"file-digest".to_owned()), "{outcome:?}");
    assert!(fixture.forge.writes().is_empty());
}

/// Changes one byte and leaves the size; other names of the file keep what they had.
fn alter(file: &std::path::Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[20] ^= 1;
    fs::remove_file(file).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn missing_credentials_are_named_with_the_variable_that_holds_them() {
    let fixture = Fixture::new(Setup::default());
    let nobody = pipeline::Publishing {
        environment: pipeline::Environment::of([(
            "GITHUB_API_URL".to_owned(),
            fixture.forge.url(Service::Api),
        )]),
        ..fixture.asked(&fixture.sample.dist(), 1)
    };
    let outcome = publish(&nobody);
    let failure = outcome.expect_err("nobody may publish");
    assert_eq!((failure.kind as u8, failure.problems.0.len()), (2, 1), "{failure:?}");
    let told = &failure.problems.0[0];
    assert_eq!(told.code.name, "credentials-missing");
    assert!(told.help.as_deref().unwrap_or_default().contains("GITHUB_TOKEN"), "{told:?}");
    assert!(fixture.forge.writes().is_empty());
}
