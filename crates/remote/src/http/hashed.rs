//! The digest of what a server sends, without keeping it.

use model::{Digest, Hasher, Problem};

use super::{Http, Request};

impl Http {
    /// Asks until the whole answer came; gives its digest, or nothing when it is longer than
    /// `limit` bytes.
    ///
    /// # Errors
    /// As [`Http::open`], and when the answer is a refusal.
    pub async fn hashed(&self, request: &Request, limit: u64) -> Result<Option<Digest>, Problem> {
        let mut attempt = 1;
        loop {
            match self.hash_once(request, limit).await {
                Err(_) if attempt < self.patience.attempts => self.wait(attempt, None).await,
                outcome => return outcome,
            }
            attempt += 1;
        }
    }

    async fn hash_once(&self, request: &Request, limit: u64) -> Result<Option<Digest>, Problem> {
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
