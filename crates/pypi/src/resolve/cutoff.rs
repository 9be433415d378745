//! `build-cutoff`: what a project's build dependencies are held to.

use format::Context;
use manifests::At;

use crate::codes;
use crate::{BuildCutoff, PythonKind};

/// What `build-cutoff` says.
pub(super) fn read(
    context: &mut Context<'_, '_>,
    written: Option<&At<String>>,
    kind: &PythonKind,
) -> Option<BuildCutoff> {
    let Some(at) = written else { return Some(BuildCutoff::Default) };
    if *kind != PythonKind::Pure {
        let why = "is for projects that uv builds: maturin is one pinned tool";
        context.without_effect(Some(at), "build-cutoff", why);
    }
    let cutoff = BuildCutoff::parse(&at.value);
    if cutoff.is_none() {
        context.error(
            at.offset,
            &codes::PYTHON_BUILD_CUTOFF,
            format!("`{}` is not a time to hold build dependencies to", at.value),
            "write `commit`, `none`, a date such as `2026-01-31`, or a time in UTC such as \
             `2026-01-31T12:00:00Z`",
        );
    }
    cutoff
}
