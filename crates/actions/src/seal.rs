//! `seal`: the legs of a run into one sealed and signed release.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use api::{Allowed, Asked};
use model::{Digest, Manifest};
use pipeline::{Failure, Legs, SignWith};

use crate::build::absolute;
use crate::input::{Inputs, missing, wrong};
use crate::log::Log;
use crate::trust::allowed;
use crate::{Outcome, summary};
use release::FORMATS;

/// The variable that holds the publisher's private key.
pub(crate) const KEY: &str = "PACKAGE_ACTIONS_KEY";

/// Seals what the legs' jobs passed on.
pub(crate) fn run(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    let dir = inputs.directory()?;
    let allowed = allowed(inputs, Asked::Here)?;
    let with = asked_signer(inputs)?;
    let out = inputs.text("out")?.map(Path::new);
    let sealed = match inputs.text("legs")? {
        Some(folder) => {
            let plan = inputs.digest("plan")?;
            let (folder, records) = (PathBuf::from(folder), records(inputs)?);
            let legs = Legs { folder, plan, records, formats: FORMATS };
            pipeline::seal_legs(&dir, out, &legs, &with, &log.listener())?
        }
        None => pipeline::seal(&dir, out, FORMATS, &with, &log.listener())?,
    };
    let mut outcome = outcome(&sealed.dist, &sealed.manifest)?;
    if allowed == Allowed::DryRun {
        outcome.summary.insert_str(0, "### Dry run: nothing of this is published\n\n");
    }
    Ok(outcome)
}

/// What a sealed release leaves for the next step.
pub(crate) fn outcome(dist: &Path, manifest: &Manifest) -> Result<Outcome, Failure> {
    let digest = pipeline::manifest_digest(dist)?.to_string();
    let release = &manifest.release;
    let missing = manifest.units.iter().filter(|unit| !unit.reason.is_empty());
    let rows: Vec<Vec<String>> = missing
        .map(|unit| {
            let why = summary::plain(&unit.reason);
            vec![summary::code(&unit.id.0), summary::state(unit.status).to_owned(), why]
        })
        .collect();
    let summary = format!(
        "### Release {}\n\n{}\n{}\n{}\n{}",
        summary::plain(release.version.text()),
        summary::matrix(&manifest.artifacts),
        summary::table("Not in it", &["Unit", "Ended", "Why"], &rows),
        summary::artifacts(&manifest.artifacts),
        summary::checks(manifest, &digest),
    );
    Ok(Outcome {
        outputs: vec![
            ("manifest", digest),
            ("dist", absolute(dist)),
            ("version", release.version.text().to_owned()),
            ("tag", release.tag.clone()),
        ],
        summary,
        ..Outcome::default()
    })
}

/// What the input `sign` asks for: by default the key, where there is one.
pub(crate) fn asked_signer(inputs: &Inputs<'_>) -> Result<SignWith, Failure> {
    let has_key = inputs.variables().get(KEY).is_some();
    match inputs.text("sign")? {
        Some("none") => Ok(SignWith::None),
        Some("local") => Ok(SignWith::Local),
        None if !has_key => Ok(SignWith::Local),
        Some("key") | None if has_key => Ok(SignWith::Variable(KEY.to_owned())),
        Some("key") => {
            let help = format!("set `env: {KEY}:` from a secret, or choose `sign: local`");
            Err(missing(KEY, &help))
        }
        Some(other) => {
            Err(wrong("sign", other, "is not a way to sign", "write `key`, `local` or `none`"))
        }
        None => Ok(SignWith::Local),
    }
}

/// `{"1": "sha256:…"}`; a leg that the plan does not have has an empty digest.
fn records(inputs: &Inputs<'_>) -> Result<BTreeMap<usize, Digest>, Failure> {
    let help = "pass `{\"1\": \"sha256:…\", …}`, with the output `record` of every leg";
    let text = inputs.value("records")?.ok_or_else(|| missing("records", help))?;
    let read: Result<BTreeMap<usize, String>, _> = serde_json::from_str(text);
    let read = read.map_err(|_| wrong("records", text, "is not such JSON", help))?;
    let there = read.into_iter().filter(|(_, digest)| !digest.is_empty());
    there
        .map(|(leg, digest)| match digest.parse() {
            Ok(digest) => Ok((leg, digest)),
            Err(_) => Err(wrong("records", &digest, "is not a digest", help)),
        })
        .collect()
}
