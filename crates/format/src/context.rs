//! What everything that resolves a configuration shares: where values come from, the tree, the list
//! of problems.

use manifests::{At, Manifests};
use model::{Code, Diagnostic, Diagnostics, Tree, path_problem};

use crate::codes;
use crate::origin::Origins;

/// The work in progress.
pub struct Context<'w, 't> {
    /// Where values come from.
    pub origins: &'w Origins,
    /// The tree's manifests.
    pub manifests: Manifests<'t>,
    /// What was found wrong so far.
    pub problems: Diagnostics,
}

impl<'w, 't> Context<'w, 't> {
    /// Nothing found yet.
    #[must_use]
    pub fn new(origins: &'w Origins, tree: &'t dyn Tree, problems: Diagnostics) -> Self {
        Self { origins, manifests: Manifests::new(tree), problems }
    }

    /// Adds an error about the value of the configuration at `offset`.
    pub fn error(
        &mut self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(self.origins.error(offset, code, message).help(help));
    }

    /// Adds a warning about the value of the configuration at `offset`.
    pub fn warn(
        &mut self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(self.origins.warning(offset, code, message).help(help));
    }

    /// The value, or nothing and the problem added; one without a location is about the value at
    /// `offset`.
    pub fn take<T>(&mut self, offset: usize, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|problem| self.add(offset, problem)).ok()
    }

    fn add(&mut self, offset: usize, problem: Diagnostic) {
        self.problems.push(match problem.location {
            Some(_) => problem,
            None => self.origins.origin(offset).mark(problem),
        });
    }

    /// The path, if it may be one.
    pub fn path<'p>(&mut self, path: &'p At<String>) -> Option<&'p str> {
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
    pub fn without_effect<T>(&mut self, value: Option<&At<T>>, key: &str, why: &str) {
        if let Some(value) = value {
            self.conflict(value.offset, key, why);
        }
    }

    fn conflict(&mut self, offset: usize, key: &str, why: &str) {
        let (message, help) = (format!("`{key}` {why}"), format!("remove `{key}`"));
        self.error(offset, &codes::CONFIG_CONFLICT, message, help);
    }
}
