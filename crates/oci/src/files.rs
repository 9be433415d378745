//! The file system of a container: the layers of an image applied in order (image-spec, "layer").

use std::collections::BTreeMap;

use archive::tar::Kind;
use model::Diagnostic;

use crate::Image;

/// The regular files of `image` by path, each with its content, without those that an upper layer
/// hides and without hard links.
///
/// # Errors
/// As [`crate::Layer::members`].
pub fn image_files(image: &Image) -> Result<BTreeMap<String, &[u8]>, Diagnostic> {
    let mut files: BTreeMap<String, &[u8]> = BTreeMap::new();
    for layer in &image.layers {
        let members = layer.members()?;
        // A whiteout hides files of the layers below, wherever in this layer it is.
        for member in &members {
            let (folder, name) = member.path.rsplit_once('/').unwrap_or(("", &member.path));
            let below = |name: &str| match folder {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            if name == ".wh..wh..opq" {
                remove_below(&mut files, folder);
            } else if let Some(hidden) = name.strip_prefix(".wh.") {
                remove_all(&mut files, &below(hidden));
            } else if member.kind != Kind::Folder {
                remove_all(&mut files, &member.path);
            } else {
                files.remove(&member.path);
            }
        }
        let regular = members.into_iter().filter(|member| member.kind == Kind::File);
        let marks = |path: &str| path.rsplit('/').next().unwrap_or(path).starts_with(".wh.");
        let regular = regular.filter(|member| !marks(&member.path));
        files.extend(regular.map(|member| (member.path, member.bytes)));
    }
    Ok(files)
}

fn remove_all(files: &mut BTreeMap<String, &[u8]>, path: &str) {
    files.remove(path);
    remove_below(files, path);
}

/// Removes everything below `folder`.
fn remove_below(files: &mut BTreeMap<String, &[u8]>, folder: &str) {
    if folder.is_empty() {
        return files.clear();
    }
    let inside = format!("{folder}/");
    let below = files.range(inside.clone()..).map(|(path, _)| path);
    let hidden: Vec<String> = below.take_while(|path| path.starts_with(&inside)).cloned().collect();
    for path in hidden {
        files.remove(&path);
    }
}

#[cfg(test)]
mod tests {
    use archive::tar::{Member, write_members};
    use model::Digest;

    use super::*;
    use crate::spec::{LAYER_TAR, PlatformSpec, RootFs, Run};
    use crate::{Blob, Layer, spec};

    /// The visible files of layers with these members; a trailing `/` is a folder.
    fn check(layers: &[&[&str]], expected: &[&str]) {
        let layer = |members: &&[&str]| {
            let member = |path: &&str| Member {
                path: path.trim_end_matches('/').to_owned(),
                kind: if path.ends_with('/') { Kind::Folder } else { Kind::File },
                mode: 0o644,
                uid: 0,
                bytes: b"",
            };
            let members: Vec<Member<'_>> = members.iter().map(member).collect();
            let tar = write_members(&members, 0).unwrap();
            let blob = Blob::new(tar.clone()).descriptor(LAYER_TAR);
            Layer { blob, diff_id: Digest::of(&tar), tar }
        };
        let blob = Blob::new(Vec::new());
        let platform = PlatformSpec::from(model::Platform::LinuxAmd64);
        let image = Image {
            platform: platform.clone(),
            manifest: blob.descriptor(spec::MANIFEST),
            annotations: spec::Texts::new(),
            config_blob: blob.descriptor(spec::CONFIG),
            config: spec::Config {
                created: String::new(),
                platform,
                config: Run::default(),
                rootfs: RootFs { kind: "layers".to_owned(), diff_ids: Vec::new() },
                history: Vec::new(),
            },
            layers: layers.iter().map(layer).collect(),
        };
        let found = image_files(&image).unwrap();
        assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn upper_layers_add_replace_and_hide() {
        check(&[&["a", "d/", "d/b"], &["d/c"]], &["a", "d/b", "d/c"]);
        check(&[&["a", "d/b", "d/e/f", "d2"], &[".wh.a", "d/.wh.e"]], &["d/b", "d2"]);
        check(&[&["a", "d/b"], &["d/c", "d/.wh..wh..opq"]], &["a", "d/c"]);
        check(&[&["a"], &[".wh..wh..opq", "b"]], &["b"]);
        check(&[&["a/b"], &["a"]], &["a"]);
        check(&[&["a"], &["a/", "a/b"]], &["a/b"]);
        check(&[&["a"], &[".wh.a"], &["a"]], &["a"]);
    }
}
