//! What a valid image should or should not have.

mod layers;

use std::collections::BTreeMap;

use model::{Diagnostic, Location};

use crate::codes;
use crate::spec::Run;
use crate::{Image, Layout, image_files};

/// Checks each image of a layout that was read from `folder`. Running as root, having no command or
/// one for another architecture, and layers that engines unpack differently or refuse are errors;
/// the rest are warnings.
#[must_use]
pub fn lint(folder: &str, layout: &Layout) -> Vec<Diagnostic> {
    layout.images.iter().flat_map(|image| lint_image(folder, image)).collect()
}

fn lint_image(folder: &str, image: &Image) -> Vec<Diagnostic> {
    let platform = image.platform.text();
    let run = &image.config.config;
    let mut found = Vec::new();
    // Layers that were read before are read without an error.
    let files = image_files(image).unwrap_or_default();
    if is_root(&run.user) || is_roots_name(&run.user, &files) {
        found.push(
            Diagnostic::new(
                &codes::IMAGE_USER_ROOT,
                format!("the image for {platform} runs as root"),
            )
            .help("set `user = 65532`, or `USER 65532` in the Dockerfile"),
        );
    }
    if !is_root(&run.user) && !is_known(&run.user, &files) {
        let user = user_name(&run.user);
        let message = format!("the image for {platform} runs as `{user}`, which it does not know");
        found.push(
            Diagnostic::new(&codes::IMAGE_USER_UNKNOWN, message).help(
                "write a number, as `user = 65532` or `USER 65532`: it needs no list of users",
            ),
        );
    }
    let nothing = |command: &Option<Vec<String>>| command.as_ref().is_none_or(Vec::is_empty);
    if nothing(&run.entrypoint) && nothing(&run.cmd) {
        let message = format!("the image for {platform} has nothing to run");
        found.push(Diagnostic::new(&codes::IMAGE_NO_COMMAND, message));
    }
    found.extend(other_machine(image, &files));
    for name in secret_names(run) {
        let message = format!("the image for {platform} sets `{name}`, which looks like a secret");
        found.push(Diagnostic::new(&codes::IMAGE_SECRET, message));
    }
    for name in ["title", "version"] {
        let name = format!("org.opencontainers.image.{name}");
        if !image.annotations.contains_key(&name) {
            let message = format!("the image for {platform} has no annotation `{name}`");
            found.push(Diagnostic::new(&codes::IMAGE_ANNOTATION, message));
        }
    }
    found.extend(layers::lint(image, &platform));
    let place = format!("{folder}/blobs/sha256/{}", image.manifest.digest.hex());
    found.into_iter().map(|problem| problem.at(Location::file(&place))).collect()
}

/// No user, `root`, or 0 in any form that engines parse (Go's `Atoi` accepts a sign).
fn is_root(user: &str) -> bool {
    let name = user_name(user);
    name.is_empty() || name == "root" || name.parse() == Ok(0_i64)
}

fn user_name(user: &str) -> &str {
    user.split(':').next().unwrap_or_default()
}

/// Whether `user` has the id 0 in the image's `/etc/passwd`. As for engines, the first line with
/// the name counts, and an id that cannot be parsed is 0.
fn is_roots_name(user: &str, files: &BTreeMap<String, &[u8]>) -> bool {
    let name = user_name(user);
    name.parse::<i64>().is_err() && number_of(name, files) == Some(0)
}

/// Whether `user` is a number or a name in the image's `/etc/passwd`: only then is the user known.
fn is_known(user: &str, files: &BTreeMap<String, &[u8]>) -> bool {
    let name = user_name(user);
    name.parse::<i64>().is_ok() || number_of(name, files).is_some()
}

fn number_of(name: &str, files: &BTreeMap<String, &[u8]>) -> Option<i64> {
    let text = String::from_utf8_lossy(files.get("etc/passwd")?);
    let mut users = text.lines().map(|line| line.trim().split(':').collect::<Vec<_>>());
    let own = users.find(|fields| fields.first() == Some(&name))?;
    Some(own.get(2).and_then(|number| number.parse().ok()).unwrap_or(0))
}

/// A command that is an executable in the image, built for another architecture than the image.
fn other_machine(image: &Image, files: &BTreeMap<String, &[u8]>) -> Option<Diagnostic> {
    let run = &image.config.config;
    let words = run.entrypoint.iter().chain(&run.cmd).find(|words| !words.is_empty())?;
    let path = words.first()?;
    let machine = elf_machine(files.get(path.strip_prefix('/')?)?)?;
    if machine == image.platform.architecture {
        return None;
    }
    let platform = image.platform.text();
    let message = format!("`{path}` in the image for {platform} is an executable for {machine}");
    Some(Diagnostic::new(&codes::IMAGE_MACHINE, message))
}

/// The architecture of an ELF file (`GOARCH`), if it is one that releases are built for.
fn elf_machine(bytes: &[u8]) -> Option<&'static str> {
    match bytes.get(..20)? {
        [0x7f, b'E', b'L', b'F', 2, 1, .., 62, 0] => Some("amd64"),
        [0x7f, b'E', b'L', b'F', 2, 1, .., 183, 0] => Some("arm64"),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_known_by_all_its_names() {
        for user in ["", "root", "0", "00", "0:65532", "root:1", ":5", "+0", "-0", "-00:7"] {
            assert!(is_root(user), "{user:?}");
        }
        for user in ["65532", "1", "nobody", "10:0", "-1", "+", "0x0", "0 "] {
            assert!(!is_root(user), "{user:?}");
        }
    }

    #[test]
    fn a_name_is_root_when_the_image_s_own_users_say_so() {
        let passwd = "# users\n\nroot:x:0:0::/:/x\n toor:x:+0:1::/:/x\nodd:x:none\nshort\n\
                      app:x:7:7::/:/x\napp:x:0:0::/:/x\n9:x:0:0::/:/x\n";
        let files = BTreeMap::from([("etc/passwd".to_owned(), passwd.as_bytes())]);
        for user in ["toor", "toor:7", "odd", "short"] {
            assert!(is_roots_name(user, &files), "{user:?}");
            assert!(!is_roots_name(user, &BTreeMap::new()), "{user:?}");
        }
        for user in ["app", "app:0", "nobody", "9", "too"] {
            assert!(!is_roots_name(user, &files), "{user:?}");
        }
        for user in ["app", "app:0", "toor", "9", "65532", "1:x"] {
            assert!(is_known(user, &files), "{user:?}");
        }
        for user in ["nobody", "too", "app ", "x:1"] {
            assert!(!is_known(user, &files), "{user:?}");
        }
    }

    #[test]
    fn a_variable_with_a_secret_s_name_and_a_value_is_pointed_out() {
        let env = ["DB_PASSWORD=x", "token=y", "TOKEN=", "TOKENIZER=z", "PATH=/"];
        let run = Run { env: Some(env.map(str::to_owned).into()), ..Run::default() };
        assert_eq!(secret_names(&run), ["DB_PASSWORD", "token"]);
    }
}
