//! What an image should have or not have, beyond being well-formed.

use archive::tar::{self, Kind};
use model::{Place, Problem};

use crate::spec::Run;
use crate::{Image, Layout};

/// Looks at each image of a layout that was read from `folder`. Running as root and having nothing
/// to run are errors; the rest are warnings.
#[must_use]
pub fn lint(folder: &str, layout: &Layout) -> Vec<Problem> {
    layout.images.iter().flat_map(|image| lint_image(folder, image)).collect()
}

fn lint_image(folder: &str, image: &Image) -> Vec<Problem> {
    let platform = image.platform.text();
    let run = &image.config.config;
    let mut found = Vec::new();
    if is_root(&run.user) {
        found.push(
            Problem::error("image-user-root", format!("the image for {platform} runs as root"))
                .help("say `user = 65532`, or `USER 65532` in the Dockerfile"),
        );
    }
    let nothing = |command: &Option<Vec<String>>| command.as_ref().is_none_or(Vec::is_empty);
    if nothing(&run.entrypoint) && nothing(&run.cmd) {
        let message = format!("the image for {platform} has nothing to run");
        found.push(Problem::error("image-no-command", message));
    }
    for name in secret_names(run) {
        let message = format!("the image for {platform} sets `{name}`, which looks like a secret");
        found.push(Problem::warning("image-secret", message));
    }
    for name in ["title", "version"] {
        let name = format!("org.opencontainers.image.{name}");
        if !image.annotations.contains_key(&name) {
            let message = format!("the image for {platform} has no annotation `{name}`");
            found.push(Problem::warning("image-annotation", message));
        }
    }
    found.extend(lint_layers(image, &platform));
    let place = format!("{folder}/blobs/sha256/{}", image.manifest.digest.hex());
    found.into_iter().map(|problem| problem.at(Place::file(&place))).collect()
}

fn lint_layers(image: &Image, platform: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    for layer in &image.layers {
        let members = layer.members().unwrap_or_default();
        for path in tar::repeated(&members) {
            let message = format!("a layer of the image for {platform} holds `{path}` twice");
            found.push(Problem::warning("image-duplicate", message));
        }
        for member in &members {
            if member.kind == Kind::File && member.mode & SET_ID != 0 && member.uid == 0 {
                let path = &member.path;
                let message = format!("`{path}` in the image for {platform} runs as root (set-id)");
                found.push(Problem::warning("image-set-id", message));
            }
        }
    }
    found
}

/// No user at all, `root`, and 0 in any spelling.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    name.is_empty() || name == "root" || name.parse() == Ok(0_u64)
}

fn secret_names(run: &Run) -> Vec<&str> {
    let words = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY"];
    let looks_secret = |name: &str| words.iter().any(|word| name.to_uppercase().ends_with(word));
    let variables = run.env.iter().flatten().filter_map(|variable| variable.split_once('='));
    variables
        .filter(|(name, value)| !value.is_empty() && looks_secret(name))
        .map(|(n, _)| n)
        .collect()
}

/// Set-user-id and set-group-id.
const SET_ID: u32 = 0o6000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_known_by_all_its_names() {
        for user in ["", "root", "0", "00", "0:65532", "root:1", ":5"] {
            assert!(is_root(user), "{user:?}");
        }
        for user in ["65532", "1", "nobody", "10:0"] {
            assert!(!is_root(user), "{user:?}");
        }
    }

    #[test]
    fn a_variable_with_a_secret_s_name_and_a_value_is_pointed_out() {
        let env = ["DB_PASSWORD=x", "token=y", "TOKEN=", "TOKENIZER=z", "PATH=/"];
        let run = Run { env: Some(env.map(str::to_owned).into()), ..Run::default() };
        assert_eq!(secret_names(&run), ["DB_PASSWORD", "token"]);
    }
}
