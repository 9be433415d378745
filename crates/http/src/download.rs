//! The bytes that a server sends, hashed on their way, without keeping them or while they go to a
//! file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use model::{Class, Diagnostic, Digest, Hasher};

use crate::body::above_limit;
use crate::client::Http;
use crate::codes;
use crate::request::Request;
use crate::retry::{Attempt, is_transient};

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
        self.retry(async |_| {
            Ok(match self.hash_once(request, limit).await {
                Ok(digest) => Attempt::Done(digest),
                failed => Attempt::retry(failed),
            })
        })
        .await
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
        self.retry(async |_| match self.save_once(request, path, limit).await {
            Err(problem) if problem.code.class == Class::Unreachable => {
                Ok(Attempt::retry(Err(problem)))
            }
            outcome => outcome.map(Attempt::Done),
        })
        .await
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
        if is_transient(incoming.status, true) {
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
                return Err(above_limit(&request.shown(), limit));
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
