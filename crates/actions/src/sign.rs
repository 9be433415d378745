//! `sign`: a sealed release signed again, in the way that it was sealed for.

use std::path::PathBuf;

use api::Asked;
use pipeline::Failure;

use release::FORMATS;

use crate::build::absolute;
use crate::input::Inputs;
use crate::log::Log;
use crate::seal::asked_signer;
use crate::trust::allowed;
use crate::{Outcome, summary};

/// Signs.
pub(crate) fn run(inputs: &mut Inputs<'_>, _: &Log) -> Result<Outcome, Failure> {
    allowed(inputs, Asked::Here)?;
    let dist = PathBuf::from(inputs.text("dist")?.unwrap_or("dist"));
    let manifest = inputs.digest("manifest")?;
    let written = pipeline::sign(
        std::slice::from_ref(&dist),
        Some(manifest),
        FORMATS,
        &asked_signer(inputs)?,
    )?;
    let rows: Vec<Vec<String>> =
        written.iter().map(|path| vec![summary::code(&path.display().to_string())]).collect();
    Ok(Outcome {
        outputs: vec![("manifest", manifest.to_string()), ("dist", absolute(&dist))],
        summary: format!("### Signed\n\n{}", summary::table("Signatures", &["File"], &rows)),
        ..Outcome::default()
    })
}
