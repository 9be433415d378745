//! A whole release, verified.

use ::verify::{Dist, Policy, Report};
use evidence::{PublicKey, SignatureCheck};
use model::{Diagnostic, Diagnostics, Digest, Location, Manifest};
use serde::{Deserialize, Serialize};

use crate::Reply;
use crate::codes;

/// What the release must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The publisher's public key (PEM): every signature must be by it. Empty for any.
    pub key: String,
    /// The digest that `release.json` must have; empty for any.
    pub manifest: String,
}

/// What the release is.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Whether it is as it must be.
    pub good: bool,
    /// The report, for people.
    pub text: String,
    /// The digest that `release.json` has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Digest>,
    /// The report.
    pub report: Report,
}

/// Verifies the release in `dist`.
///
/// # Errors
/// For a key or digest that cannot be read.
pub fn verify(
    request: Request,
    dist: &dyn Dist,
    signatures: &dyn SignatureCheck,
) -> crate::Outcome<Answer> {
    let (policy, expected) = policy(&request)?;
    let report = ::verify::verify(dist, &release::Formats, signatures, &policy);
    let mut problems = report.problems();
    let manifest = dist.measure(Manifest::FILE).ok().map(|(_, digest)| digest);
    if let (Some(found), Some(expected)) = (manifest, expected)
        && found != expected
    {
        let message = format!("has digest {found}, expected {expected}");
        let location = Location::file(Manifest::FILE);
        problems.push(Diagnostic::new(&release::codes::MANIFEST_OTHER, message).at(location));
    }
    let good = !problems.has_errors();
    Ok(Reply { answer: Answer { good, text: report.to_string(), manifest, report }, problems })
}

fn policy(request: &Request) -> Result<(Policy, Option<Digest>), Diagnostics> {
    let key = (!request.key.is_empty()).then(|| PublicKey::read(&request.key)).transpose()?;
    let wanted = (!request.manifest.is_empty()).then(|| request.manifest.parse());
    let wanted = wanted.transpose().map_err(|error: model::DigestError| {
        Diagnostics::from(Diagnostic::new(&codes::REQUEST_VALUE, error.to_string()))
    })?;
    Ok((Policy { key }, wanted))
}
