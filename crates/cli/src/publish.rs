//! `publish`: its arguments into what is asked, what became of it onto the screen.

use std::collections::BTreeMap;
use std::process::ExitCode;

use pipeline::{
    Destination, Environment, ItemReport, ItemStatus, Part, Published, Publishing, RetryPolicy,
};

use release::FORMATS;

use crate::args::{Args, Output, Publish};
use crate::settings::{set, tools};
use crate::{Outcome, listen, out, print};

/// Publishes, and prints what became of every item.
pub(crate) fn run(args: &Publish, called: &Args) -> Outcome {
    let output = called.output;
    let listener = listen::listener(output, called.telling);
    let published = pipeline::publish(&asked(args)?, &listener)?;
    drop(listener);
    if output == Output::Json {
        // It holds the problems, too.
        out::line(print::json(&published))?;
    } else {
        out::line(summary(&published, args.dry_run))?;
        print::problems(&published.warnings, output);
        print::problems(&published.run.problems, output);
        for looked in &published.verified {
            print::problems(&looked.problems, output);
        }
    }
    Ok(published.failure().map_or(ExitCode::SUCCESS, |kind| ExitCode::from(kind as u8)))
}

fn asked(args: &Publish) -> Result<Publishing, pipeline::Failure> {
    let part = match (args.stage, args.index, args.finish) {
        (true, ..) => Part::Stage,
        (_, true, _) => Part::Index,
        (.., true) => Part::Finish,
        _ => Part::Whole,
    };
    Ok(Publishing {
        dist: args.dist.clone(),
        manifest: args.manifest,
        part,
        formats: FORMATS,
        only: args.only.iter().filter_map(|word| Destination::named(word, FORMATS)).collect(),
        pushed: None,
        dry_run: args.dry_run,
        allow_missing: args.allow_missing,
        move_tags: args.move_tags.clone(),
        recheck: args.recheck,
        tags: Vec::new(),
        policy: pipeline::policy(args.key.as_deref())?,
        publish_url: set(args.publish_url.as_ref()),
        check_url: set(args.check_url.as_ref()),
        environment: Environment::of_process(),
        retries: RetryPolicy::default(),
        tools: tools(&args.tools)?,
        cache: args.cache_dir.clone(),
    })
}

/// One line for each item that is new or wrong, then one line for each place.
fn summary(published: &Published, dry_run: bool) -> String {
    if published.run.items.is_empty() && published.failure().is_none() {
        return "nothing to do: the release has nothing for this phase".to_owned();
    }
    let mut text = String::new();
    let mut places: BTreeMap<&str, [usize; 6]> = BTreeMap::new();
    for item in &published.run.items {
        let counts = places.entry(&item.destination).or_default();
        counts[column(item.status)] += 1;
        let told = match item.status {
            ItemStatus::AlreadyThere | ItemStatus::Unknown => false,
            ItemStatus::Missing => dry_run,
            ItemStatus::Written | ItemStatus::Refused | ItemStatus::Failed => true,
        };
        if told {
            text.push_str(&line(item, dry_run));
        }
    }
    let missing = if dry_run { "would write" } else { "missing" };
    text.push_str(&format!(
        "{:<8} {:>8} {:>13} {missing:>12} {:>8} {:>7} {:>10}\n",
        "PLACE", "written", "already there", "refused", "failed", "not asked"
    ));
    for (place, [written, there, missing, refused, failed, unknown]) in places {
        let row = format!("{place:<8} {written:>8} {there:>13} {missing:>12} {refused:>8}");
        text.push_str(&format!("{row} {failed:>7} {unknown:>10}\n"));
    }
    for looked in &published.verified {
        let verdict = if looked.good { "verified" } else { "NOT verified" };
        let (count, wrong) = (looked.looked_at, looked.problems.0.len());
        let subject = &looked.subject;
        text.push_str(&format!("{verdict:<12} {subject}  {count} checked, {wrong} wrong\n"));
    }
    text.trim_end().to_owned()
}

fn column(status: ItemStatus) -> usize {
    match status {
        ItemStatus::Written => 0,
        ItemStatus::AlreadyThere => 1,
        ItemStatus::Missing => 2,
        ItemStatus::Refused => 3,
        ItemStatus::Failed => 4,
        ItemStatus::Unknown => 5,
    }
}

fn line(report: &ItemReport, dry_run: bool) -> String {
    let status = match report.status {
        ItemStatus::Written => "written",
        ItemStatus::AlreadyThere => "already there",
        ItemStatus::Missing if dry_run => "would write",
        ItemStatus::Missing => "missing",
        ItemStatus::Refused => "refused",
        ItemStatus::Failed => "failed",
        ItemStatus::Unknown => "not asked",
    };
    let (name, digest) = (&report.item.name, report.item.digest.to_string());
    // What is addressed by its digest says it once.
    let digest = if name.ends_with(&digest) { String::new() } else { format!("  {digest}") };
    format!("{status:<12} {name}{digest}\n")
}
