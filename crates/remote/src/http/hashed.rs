//! The digest of what a server sends, without keeping it, or while it goes to a file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use model::{Class, Diagnostic, Digest, Hasher};

use super::{Http, Request, passes};
use crate::codes;

impl Http {
    /// Asks until the whole answer came; gives its digest, or nothing when it is longer than
    /// `limit` bytes.
    ///
    /// # Errors
    /// As [`Http::open`], and when the answer is a refusal.
    pub async fn hashed(
        &self,
        request: &Request,
        limit: u64,
    ) -> Result<Option<Digest>, Diagnostic> {
        let mut attempt = 1;
        loop {
            match self.hash_once(request, limit).await {
                Err(_) if attempt < self.patience.attempts => self.wait(attempt, None).await,
                outcome => return outcome,
            }
            attempt += 1;
        }
    }

    /// Asks until the whole answer is in the file at `path`; gives its length and digest.
    ///
    /// # Errors
    /// As [`Http::open`]; `remote-refused`; `remote-body-limit` above `limit` bytes; `remote-file`
    /// when it cannot be written.
    pub async fn saved(
        &self,
        request: &Request,
        path: &Path,
        limit: u64,
    ) -> Result<(u64, Digest), Diagnostic> {
        let mut attempt = 1;
        loop {
            match self.save_once(request, path, limit).await {
                Err(problem)
                    if problem.code.class == Class::Unreachable
                        && attempt < self.patience.attempts =>
                {
                    self.wait(attempt, None).await;
                }
                outcome => return outcome,
            }
            attempt += 1;
        }
    }

    async fn save_once(
        &self,
        request: &Request,
        path: &Path,
        limit: u64,
    ) -> Result<(u64, Digest), Diagnostic> {
        let unwritable = |error: io::Error| {
            let message = format!("cannot write `{}`: {error}", path.display());
            Diagnostic::new(&codes::REMOTE_FILE, message)
        };
        let mut incoming = self.open(request).await?;
        if passes(incoming.status, true) {
            return Err(Diagnostic { code: &codes::REMOTE_UNREACHABLE, ..incoming.refusal() });
        }
        if !incoming.status.is_success() {
            return Err(incoming.refusal());
        }
        let mut file = File::create(path).map_err(unwritable)?;
        let (mut hasher, mut size) = (Hasher::new(), 0);
        while let Some(piece) = incoming.next().await? {
            size += piece.len() as u64;
            if size > limit {
                let message = format!(
                    "the answer to {} is above the limit of {limit} bytes",
                    request.shown()
                );
                return Err(Diagnostic::new(&codes::REMOTE_BODY_LIMIT, message));
            }
            hasher.update(&piece);
            file.write_all(&piece).map_err(unwritable)?;
        }
        Ok((size, hasher.finish()))
    }

    async fn hash_once(&self, request: &Request, limit: u64) -> Result<Option<Digest>, Diagnostic> {
        let mut incoming = self.open(request).await?;
        if !incoming.status.is_success() {
            return Err(incoming.refusal());
        }
        let mut hasher = Hasher::new();
        let mut size = 0;
        while let Some(piece) = incoming.next().await? {
            size += piece.len() as u64;
            if size > limit {
                return Ok(None);
            }
            hasher.update(&piece);
        }
        Ok(Some(hasher.finish()))
    }
}
