//! Problems of an image's layers as archives, regardless of their files.

use std::collections::BTreeSet;

use archive::tar::{self, Kind, Member};
use model::Diagnostic;

use crate::Image;
use crate::codes;

/// Checks each layer of the image for `platform`.
pub(super) fn lint(image: &Image, platform: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for layer in &image.layers {
        let members = layer.members().unwrap_or_default();
        found.extend(special(&members, platform));
        for path in tar::repeated(&members) {
            let message = format!("a layer of the image for {platform} contains `{path}` twice");
            found.push(Diagnostic::new(&codes::IMAGE_DUPLICATE, message));
        }
        for member in &members {
            if member.kind == Kind::File && member.mode & SET_ID != 0 && member.uid == 0 {
                let path = &member.path;
                let message = format!("`{path}` in the image for {platform} runs as root (set-id)");
                found.push(Diagnostic::new(&codes::IMAGE_SET_ID, message));
            }
        }
    }
    found
}

/// Devices, and paths behind a link of the same layer: engines follow it, replace it or fail.
fn special(members: &[Member<'_>], platform: &str) -> Vec<Diagnostic> {
    let links: BTreeSet<&str> = members
        .iter()
        .filter(|member| matches!(member.kind, Kind::Symlink(_)))
        .map(|member| member.path.as_str())
        .collect();
    let mut found = Vec::new();
    for member in members {
        let path = member.path.as_str();
        if member.kind == Kind::Device {
            let message = format!("`{path}` in the image for {platform} is a device or a pipe");
            found.push(Diagnostic::new(&codes::IMAGE_DEVICE, message));
        }
        let mut above = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        if let Some(link) = above.find(|folder| links.contains(folder)) {
            let message = format!(
                "a layer of the image for {platform} holds `{path}`, and `{link}` as a link"
            );
            found.push(Diagnostic::new(&codes::IMAGE_BEHIND_LINK, message));
        }
    }
    found
}

/// Set-user-id and set-group-id.
const SET_ID: u32 = 0o6000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_what_lies_behind_a_link_are_refused() {
        let check = |members: &[(&str, Kind)], expected: &[&str]| {
            let member = |(path, kind): &(&str, Kind)| Member {
                path: (*path).to_owned(),
                kind: kind.clone(),
                mode: 0o644,
                uid: 0,
                bytes: b"",
            };
            let members: Vec<Member<'_>> = members.iter().map(member).collect();
            let found: Vec<String> = special(&members, "linux/amd64")
                .into_iter()
                .map(|problem| problem.code.to_string())
                .collect();
            assert_eq!(found, expected, "{members:?}");
        };
        let link = || Kind::Symlink("/".to_owned());
        check(&[("a", Kind::Folder), ("a/b", Kind::File), ("c", link())], &[]);
        check(&[("a", link()), ("ab/c", Kind::File), ("b/a/c", Kind::File)], &[]);
        check(&[("a", link()), ("a/etc/passwd", Kind::File)], &["image-behind-link"]);
        check(&[("a/b/c", Kind::File), ("a/b", link())], &["image-behind-link"]);
        check(&[("dev/sda", Kind::Device)], &["image-device"]);
    }
}
