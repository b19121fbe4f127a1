//! Order-independent fingerprints of tables.

/// How many rows a table has and the sum of their digests.
///
/// Two tables with the same rows have the same fingerprint in whatever order
/// the rows come. Each row's digest covers every column, so that an altered
/// amount shows as surely as a missing row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fingerprint {
    /// Number of rows.
    pub rows: u64,
    /// Sum of the rows' digests modulo 2^64.
    pub digest: u64,
}

impl Fingerprint {
    /// Counts one more row; take the digest from `row.digest()`.
    pub fn add(&mut self, row_digest: u64) {
        self.rows += 1;
        self.digest = self.digest.wrapping_add(row_digest);
    }
}

/// Mixes values, in their order, into 64 bits; the same on every machine.
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Digest {
    /// Mixes in a number.
    pub fn number(&mut self, value: i64) {
        self.mix(value.cast_unsigned());
    }

    /// Mixes in that there is nothing.
    pub fn nothing(&mut self) {
        self.mix(0x6a09_e667_f3bc_c908);
        self.mix(0);
    }

    /// Mixes in a text.
    pub fn text(&mut self, value: &str) {
        self.mix(value.len() as u64);
        for chunk in value.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    /// What all of it is mixed to.
    pub fn finish(self) -> u64 {
        self.0
    }

    /// One step of splitmix64, which spreads every bit over all others.
    fn mix(&mut self, word: u64) {
        let mut bits = (self.0 ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = bits ^ (bits >> 31);
    }
}
