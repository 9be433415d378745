//! `INSTALL.md`: how to get, check and run what was released, one section a format.

use format::Inspects;
use model::{BundleSigner, Manifest};

/// Renders the guide.
pub(super) fn render(manifest: &Manifest, formats: &[&dyn Inspects]) -> String {
    let release = &manifest.release;
    let mut text = format!("# Install {}\n\n", release.version);
    text.push_str(&format!("Release `{}`", release.tag));
    if let Some(commit) = &manifest.source.commit {
        text.push_str(&format!(", built from commit `{commit}`"));
        if manifest.source.dirty {
            text.push_str(" and changes that are in no commit");
        }
    }
    text.push_str(".\n");
    for section in formats.iter().filter_map(|format| format.guide(manifest)) {
        text.push('\n');
        text.push_str(section.trim_end());
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&checking(manifest));
    text
}

fn checking(manifest: &Manifest) -> String {
    let mut text = "## Check what you downloaded\n\n\
        Every file is listed with its SHA-256 digest. In the folder with your downloads:\n\n\
        ```sh\nsha256sum --check --ignore-missing checksums.txt\n```\n\n\
        The whole release at once, signatures, SBOMs and provenance included:\n\n\
        ```sh\npackage-actions verify dist\n```\n"
        .to_owned();
    match manifest.signing.bundles {
        None => text.push_str("\nThis release is not signed.\n"),
        Some(BundleSigner::Local) => text.push_str(
            "\nThe signatures were made with a key of this one run: they show that nothing was \
             changed since, not who built it.\n",
        ),
        Some(BundleSigner::Key) => text.push_str(
            "\nWith the publisher's public key, which must come to you by another way than this \
             download:\n\n```sh\npackage-actions verify dist --key publisher.pub\n\
             cosign verify-blob --key publisher.pub --insecure-ignore-tlog=true \\\n  \
             --bundle checksums.txt.sigstore.json checksums.txt\n```\n",
        ),
    }
    text
}
