//! `files`: what of the tree goes into an image from a binary, and where.

use std::collections::BTreeMap;

use format::{Context, Offer};
use manifests::At;

use super::ImageTable;
use crate::codes;
use crate::pack::{base_problem, place};

/// The files by their places in the image.
pub(super) fn resolve(
    context: &mut Context<'_, '_>,
    written: &ImageTable,
    binary: Option<&Offer>,
) -> Option<BTreeMap<String, String>> {
    // What a Dockerfile's image makes of the key was told.
    let Some(table) = written.files.as_ref().filter(|_| written.dockerfile.is_none()) else {
        return Some(BTreeMap::new());
    };
    let mut files = BTreeMap::new();
    for (to, from) in &table.value {
        let from = At::new(from.clone(), table.offset);
        let Some(is_folder) = source(context, &from) else { continue };
        let below =
            |other: &String| other.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'));
        let why = match place(to, binary.map(|binary| binary.name.as_str())) {
            Err(why) => Some(why),
            Ok(_) if is_folder => None,
            Ok("") => Some("cannot be a file"),
            Ok(_) if table.value.keys().any(below) => Some("has other files below it"),
            Ok(path) => Some(path).filter(|_| written.base.is_none()).and_then(base_problem),
        };
        match why {
            Some(why) => {
                let shown: String = to.chars().take(120).collect();
                let help = "write where the file goes in the image, such as `/etc/app.toml`";
                let message = format!("`{shown}` {why}");
                context.error(table.offset, &codes::IMAGE_FILE, message, help);
            }
            None => {
                files.insert(to.clone(), from.value);
            }
        }
    }
    (files.len() == table.value.len()).then_some(files)
}

/// Whether it is a folder; told when there is nothing at the path.
fn source(context: &mut Context<'_, '_>, from: &At<String>) -> Option<bool> {
    let path = context.path(from)?;
    if context.manifests.folder(path).is_ok() {
        return Some(true);
    }
    let is_file = context.manifests.is_file(path);
    if context.take(from.offset, is_file)? {
        return Some(false);
    }
    let shown: String = path.chars().take(120).collect();
    let message = format!("`{shown}` is not in the tree");
    let help = "name a file or folder of the tree, relative to its root";
    context.error(from.offset, &codes::IMAGE_FILE, message, help);
    None
}
