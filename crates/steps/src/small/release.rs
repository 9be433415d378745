//! A whole release, verified.

use evidence::{PublicKey, SignatureCheck};
use model::{Diagnostic, Diagnostics, Digest, Location, Manifest};
use serde::{Deserialize, Serialize};
use verify::{Dist, Policy, Report};

use super::{Answer, Ended, Nothing, read, told};
use crate::Formats;
use crate::codes;

/// `{"key": PEM, "manifest": digest}`, both optional, gives `{"good", "text", "manifest",
/// "report"}` about the release in `dist`, and ends with *no* when it is not as it must be.
#[must_use]
pub fn verify(request: &str, dist: &dyn Dist, signatures: &dyn SignatureCheck) -> Answer {
    match read::<Asked>(request).map_err(Diagnostics::from).and_then(|asked| asked.policy()) {
        Ok((policy, expected)) => {
            let report = verify::verify(dist, &Formats, signatures, &policy);
            told_of(&report, dist, expected)
        }
        Err(problems) => told(&Nothing {}, problems, Ended::Usage),
    }
}

fn told_of(report: &Report, dist: &dyn Dist, expected: Option<Digest>) -> Answer {
    let mut problems = report.problems();
    let manifest = dist.measure(Manifest::FILE).ok().map(|(_, digest)| digest);
    if let (Some(found), Some(expected)) = (manifest, expected)
        && found != expected
    {
        let message = format!("has digest {found}, expected {expected}");
        let place = Location::file(Manifest::FILE);
        problems.push(Diagnostic::new(&codes::MANIFEST_OTHER, message).at(place));
    }
    let good = !problems.has_errors();
    let ended = if good { Ended::Done } else { Ended::No };
    told(&Told { good, text: report.to_string(), manifest, report }, problems, ended)
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    key: String,
    manifest: String,
}

#[derive(Serialize)]
struct Told<'r> {
    good: bool,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Digest>,
    report: &'r Report,
}

impl Asked {
    fn policy(&self) -> Result<(Policy, Option<Digest>), Diagnostics> {
        let key = (!self.key.is_empty()).then(|| PublicKey::read(&self.key)).transpose()?;
        let wanted = (!self.manifest.is_empty()).then(|| self.manifest.parse());
        let wanted = wanted.transpose().map_err(|error: model::DigestError| {
            Diagnostics::from(Diagnostic::new(&codes::REQUEST_VALUE, error.to_string()))
        })?;
        Ok((Policy { key }, wanted))
    }
}
