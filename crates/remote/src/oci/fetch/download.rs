//! One blob on its way to a file: hashed as it comes, resumed after a drop.

use std::fs::{self, File};
use std::io::Write;

use model::{Class, Diagnostic, Digest, Hasher};
use reqwest::StatusCode;
use reqwest::header::RANGE;

use super::Fetcher;
use super::parts::Part;
use crate::codes;
use crate::http::{Incoming, Request, passes};
use crate::oci::registry::{Need, says_unknown};

/// What has arrived of a blob.
struct Arrived {
    file: File,
    hasher: Hasher,
    size: u64,
}

impl Fetcher<'_, '_> {
    /// Fetches a blob; one that is there already is not fetched again.
    pub(super) async fn blob(&self, part: &Part) -> Result<(), Diagnostic> {
        let path = self.file(part).path;
        if fs::metadata(&path).is_ok_and(|found| found.len() == part.size) {
            return Ok(());
        }
        self.take(part.size)?;
        // Under another name until its bytes are known to be right.
        let partial = path.with_extension("part");
        let file = File::create(&partial).map_err(|error| self.unwritable(&error))?;
        let mut arrived = Arrived { file, hasher: Hasher::new(), size: 0 };
        let mut attempt = 1;
        while let Err(problem) = self.receive(part, &mut arrived).await {
            let last = attempt >= self.registry.http().patience().attempts;
            if last || problem.code.class != Class::Unreachable {
                return Err(problem);
            }
            self.registry.http().wait(attempt, None).await;
            attempt += 1;
        }
        let found = arrived.hasher.finish();
        if found != part.digest || arrived.size != part.size {
            let message = format!(
                "`{}` serves {} bytes that hash to {found} for {} of {} bytes",
                self.repository, arrived.size, part.digest, part.size
            );
            return Err(Diagnostic::new(&codes::REGISTRY_DIGEST, message).help(
                "the registry, or something before it, alters what it holds: do not use it",
            ));
        }
        fs::rename(&partial, &path).map_err(|error| self.unwritable(&error))
    }

    /// Receives the rest of a blob.
    async fn receive(&self, part: &Part, arrived: &mut Arrived) -> Result<(), Diagnostic> {
        let url = self.registry.at(self.repository, &format!("blobs/{}", part.digest))?;
        let mut request = Request::get(url);
        if arrived.size > 0 {
            request = request.header(RANGE, &format!("bytes={}-", arrived.size));
        }
        let mut incoming = self.registry.open(request, Need::pull(self.repository)).await?;
        match incoming.status {
            StatusCode::PARTIAL_CONTENT if arrived.size > 0 => {}
            StatusCode::OK => arrived.restart().map_err(|error| self.unwritable(&error))?,
            status if passes(status, true) => {
                let refusal = incoming.refusal();
                return Err(Diagnostic { code: &codes::REMOTE_UNREACHABLE, ..refusal });
            }
            StatusCode::NOT_FOUND => return Err(self.not_found(part, incoming).await),
            _ => return Err(incoming.refusal()),
        }
        while let Some(bytes) = incoming.next().await? {
            arrived.size = arrived.size.saturating_add(bytes.len() as u64);
            if arrived.size > part.size {
                return Err(self.too_long(&part.digest, part.size));
            }
            arrived.hasher.update(&bytes);
            arrived.file.write_all(&bytes).map_err(|error| self.unwritable(&error))?;
        }
        Ok(())
    }

    /// A registry that has no such blob says so in its own words; another 404 is somebody else's.
    async fn not_found(&self, part: &Part, mut incoming: Incoming) -> Diagnostic {
        let mut body = Vec::new();
        while body.len() < MAX_WORDS
            && let Ok(Some(bytes)) = incoming.next().await
        {
            body.extend_from_slice(&bytes);
        }
        if says_unknown(&body) { self.lacking(&part.digest) } else { incoming.refusal() }
    }

    fn too_long(&self, digest: &Digest, size: u64) -> Diagnostic {
        let message = format!("`{}` serves more than {size} bytes for {digest}", self.repository);
        Diagnostic::new(&codes::REGISTRY_DIGEST, message)
            .help("the registry, or something before it, alters what it holds: do not use it")
    }
}

/// Bytes of a refusal that are looked into.
const MAX_WORDS: usize = 64 << 10;

impl Arrived {
    fn restart(&mut self) -> std::io::Result<()> {
        use std::io::Seek;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.hasher = Hasher::new();
        self.size = 0;
        Ok(())
    }
}
