//! The variables that an action is given, taken once.

use std::collections::BTreeMap;
use std::env;

/// The environment of an action.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// This process's own. A value that is not UTF-8 is not one of ours.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(env::vars_os().filter_map(text).collect())
    }

    /// The variable called `name`; an empty one counts as unset.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The names of those that are not empty.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str())
    }

    /// The tag whose push or release started the run.
    pub(crate) fn pushed_tag(&self) -> Option<&str> {
        api::pushed_tag(self.get("GITHUB_REF")?)
    }

    /// Whether a runner of GitHub's workflows reads what is printed.
    pub(crate) fn is_workflow(&self) -> bool {
        self.get("GITHUB_ACTIONS").is_some()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Variables {
    fn from(variables: [(&str, &str); N]) -> Self {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(variables.into_iter().map(pair).collect())
    }
}
