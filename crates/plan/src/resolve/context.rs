//! What every part of `resolve` shares: the configuration's text, the tree, the list of problems.

use model::{Code, Diagnostic, Diagnostics, Tree, path_problem};

use crate::codes;
use crate::manifests::Manifests;
use crate::source::{At, Source};

/// The work in progress.
pub(super) struct Context<'w, 't> {
    pub(super) source: &'w Source,
    pub(super) manifests: Manifests<'t>,
    pub(super) problems: Diagnostics,
}

impl<'w, 't> Context<'w, 't> {
    pub(super) fn new(source: &'w Source, tree: &'t dyn Tree, problems: Diagnostics) -> Self {
        Self { source, manifests: Manifests::new(tree), problems }
    }

    /// Adds an error at a place of the configuration.
    pub(super) fn error(
        &mut self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(self.source.error(offset, code, message).help(help));
    }

    /// Adds a warning at a place of the configuration.
    pub(super) fn warn(
        &mut self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(self.source.warning(offset, code, message).help(help));
    }

    /// The value, or nothing and the problem added; one without a place gets that of `offset`.
    pub(super) fn take<T>(&mut self, offset: usize, result: Result<T, Diagnostic>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) if problem.location.is_some() => {
                self.problems.push(problem);
                None
            }
            Err(problem) => {
                self.problems.push(problem.at(self.source.location(offset)));
                None
            }
        }
    }

    /// The path, if it may be one.
    pub(super) fn path<'p>(&mut self, path: &'p At<String>) -> Option<&'p str> {
        match path_problem(&path.value) {
            None => Some(&path.value),
            Some(why) => {
                let shown: String = path.value.chars().take(120).collect();
                self.error(
                    path.offset,
                    &codes::PATH_INVALID,
                    format!("the path `{shown}` {why}"),
                    "write it relative to the tree's root, with `/`, such as `servers/time`",
                );
                None
            }
        }
    }

    /// Told when `value` stands where it has no effect.
    pub(super) fn without_effect<T>(&mut self, value: Option<&At<T>>, key: &str, why: &str) {
        if let Some(value) = value {
            self.error(
                value.offset,
                &codes::CONFIG_CONFLICT,
                format!("`{key}` {why}"),
                format!("remove `{key}`"),
            );
        }
    }
}
