//! Credentials for registries.

use model::Diagnostic;
use registry::{Keychain, Login};

use crate::environment::Environment;

/// GitHub's own registry, which takes the token of a workflow's job.
pub(crate) const GITHUB_REGISTRY: &str = "ghcr.io";

/// Docker's credentials; for GitHub's own registry the token of a workflow's job, where Docker has
/// none.
///
/// # Errors
/// When Docker's configuration cannot be read.
pub(crate) fn keychain(environment: &Environment) -> Result<Keychain, Diagnostic> {
    let mut keychain = Keychain::of_docker();
    if let (Some(user), Some(password)) =
        (environment.text("GITHUB_ACTOR"), environment.github_token())
        && keychain.find(GITHUB_REGISTRY)? == Login::Anonymous
    {
        let login = Login::Password { user: user.to_owned(), password };
        keychain.given.insert(GITHUB_REGISTRY.to_owned(), login);
    }
    Ok(keychain)
}
