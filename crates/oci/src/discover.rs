//! Dockerfiles that a tree without a configuration holds.

mod build_context;

use format::{
    Discovers, Discovery, Key, Pair, ProposedPackage, is_shipped, is_template, plain_name, quoted,
};
use manifests::{dockerfile, parent};

use crate::Oci;
use crate::keys::KEY;

impl Discovers for Oci {
    fn key(&self) -> &'static Key {
        &KEY
    }

    /// A Dockerfile belongs to the package whose folder it lies in, else it is one of its own.
    fn discover(&self, discovery: &mut Discovery<'_, '_>) {
        for file in discovery.manifests.files() {
            let Some(suffix) = dockerfile::suffix(file).filter(|_| is_shipped(file)) else {
                continue;
            };
            let Ok(Some(source)) = discovery.manifests.text(file) else { continue };
            if dockerfile::builds(&source.text) && !is_template(&source.text) {
                image(discovery, file, &source.text, suffix);
            }
        }
    }

    /// An image is called like its package, as far as that can name one.
    fn pairs_for(&self, name: &str) -> Vec<Pair> {
        let fitting = plain_name(name);
        if fitting == name.to_lowercase() { Vec::new() } else { vec![("name", quoted(&fitting))] }
    }
}

fn image(discovery: &mut Discovery<'_, '_>, file: &str, text: &str, suffix: &str) {
    let folder = parent(file);
    let mut pairs = vec![("dockerfile", quoted(file))];
    let mut why = vec![format!("An image from {file}.")];
    if let Some(context) = build_context::for_dockerfile(discovery.manifests, file, text) {
        pairs.push(("context", quoted(&context)));
        why.push("The files it copies are at the root, so that is the context.".to_owned());
    }
    let table = (KEY.name, pairs);
    match discovery.packages.iter_mut().find(|package| package.folder == folder) {
        Some(owner) if owner.tables.iter().all(|(key, _)| *key != KEY.name) => {
            owner.why.extend(why);
            owner.tables.push(table);
        }
        owner => {
            let last = folder.rsplit('/').next().unwrap_or(folder);
            let base = owner.map_or_else(|| last.to_owned(), |owner| owner.name.clone());
            let base = if base == "." { "image".to_owned() } else { base };
            let name = match suffix {
                "" => base,
                suffix => format!("{base}-{suffix}"),
            };
            discovery.packages.push(ProposedPackage {
                name,
                kind: "image",
                folder: folder.to_owned(),
                why,
                tables: vec![table],
                ..ProposedPackage::default()
            });
        }
    }
}
