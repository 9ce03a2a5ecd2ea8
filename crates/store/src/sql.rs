//! SQL texts: static, counted, and the same for both engines.
//!
//! Every text is declared through [`statements!`], so that one list of all of them exists and both
//! engines can be asked to prepare each ([`crate::Store::prepare_every_statement`]).

use std::sync::OnceLock;

/// Statements over several rows come in these sizes only, so that each has its own static text
/// and stays in the connection's cache of prepared statements.
const SIZES: &[usize] = &[1, 2, 4, 8, 16, 32, 64];

/// Sizes of statements that ask for many rows at once.
const MANY: &[usize] = &[1, 8, 64, 1024];

/// Prepared statements kept by a connection: room for every text there is.
pub(crate) const CACHED: usize = 256;

/// A text whose middle is a list of rows of placeholders: `head ($1,$2),($3,$4) tail`.
pub(crate) struct Rows {
    head: &'static str,
    columns: usize,
    tail: &'static str,
    sizes: &'static [usize],
    texts: OnceLock<Vec<&'static str>>,
}

impl Rows {
    pub(crate) const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head, columns, tail, sizes: SIZES, texts: OnceLock::new() }
    }

    /// The same for up to a thousand rows.
    pub(crate) const fn many(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head, columns, tail, sizes: MANY, texts: OnceLock::new() }
    }

    /// All texts, one for each size.
    pub(crate) fn texts(&self) -> &[&'static str] {
        self.texts.get_or_init(|| self.sizes.iter().map(|&rows| &*self.text(rows).leak()).collect())
    }

    /// Cuts `items` into pieces, each with the text of exactly its size.
    pub(crate) fn exact<'a, T>(
        &self,
        mut items: &'a [T],
    ) -> impl Iterator<Item = (&'static str, &'a [T])> {
        let (texts, sizes) = (self.texts(), self.sizes);
        std::iter::from_fn(move || {
            let largest = sizes.iter().rposition(|&size| size <= items.len())?;
            let (piece, rest) = items.split_at(sizes[largest]);
            items = rest;
            Some((texts[largest], piece))
        })
    }

    /// Cuts `items` into few pieces; the last is filled up with its last item, which statements
    /// allow that read or that do nothing on conflict.
    pub(crate) fn filled<'a, T>(
        &self,
        items: &'a [T],
    ) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'a T>)> {
        let (texts, sizes) = (self.texts(), self.sizes);
        let largest = sizes.last().copied().unwrap_or(1);
        items.chunks(largest).filter_map(move |piece| {
            let index = sizes.iter().position(|&size| size >= piece.len())?;
            let last = piece.last()?;
            let filling = std::iter::repeat_n(last, sizes[index] - piece.len());
            Some((texts[index], piece.iter().chain(filling)))
        })
    }

    fn text(&self, rows: usize) -> String {
        let mut text = self.head.to_owned();
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ", (" });
            for column in 1..=self.columns {
                if column > 1 {
                    text.push_str(", ");
                }
                text.push('$');
                text.push_str(&(row * self.columns + column).to_string());
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.tail);
        text
    }
}

/// One declared text.
pub(crate) enum Declared {
    /// Of one size.
    One(&'static str),
    /// Of several.
    Many(&'static Rows),
}

/// Declares the statements of one file and lists them in its `STATEMENTS`.
macro_rules! statements {
    (
        $(const $name:ident = $text:literal;)*
        $(rows $rows:ident = $head:literal, $columns:literal, $tail:literal;)*
        $(many $many:ident = $start:literal, $places:literal, $end:literal;)*
    ) => {
        $(const $name: &str = $text;)*
        $(static $rows: $crate::sql::Rows = $crate::sql::Rows::new($head, $columns, $tail);)*
        $(static $many: $crate::sql::Rows = $crate::sql::Rows::many($start, $places, $end);)*

        pub(crate) const STATEMENTS: &[$crate::sql::Declared] = &[
            $($crate::sql::Declared::One($name),)*
            $($crate::sql::Declared::Many(&$rows),)*
            $($crate::sql::Declared::Many(&$many),)*
        ];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use super::*;

    static TWO: Rows = Rows::new("SELECT x WHERE (a, b) IN (VALUES", 2, ")");

    #[test]
    fn placeholders_count_on_over_rows() {
        assert_eq!(TWO.texts()[1], "SELECT x WHERE (a, b) IN (VALUES ($1, $2), ($3, $4) )");
    }

    #[test]
    fn pieces_hold_every_item_once_and_filling_repeats_the_last() {
        for count in 0..200_usize {
            let items: Vec<usize> = (0..count).collect();
            let exact: Vec<usize> =
                TWO.exact(&items).flat_map(|(_, piece)| piece.iter().copied()).collect();
            assert_eq!(exact, items);
            for (text, piece) in TWO.exact(&items) {
                assert_eq!(text.matches('$').count(), piece.len() * 2);
            }
            let mut filled = Vec::new();
            for (text, piece) in TWO.filled(&items) {
                let piece: Vec<usize> = piece.copied().collect();
                assert_eq!(text.matches('$').count(), piece.len() * 2);
                filled.extend(piece);
            }
            filled.dedup();
            assert_eq!(filled, items);
        }
    }
}
