//! Rows flow onto pages: keep-with-next, no lonely first or last lines.

use super::display::{Item, Paint};

/// One row of the page: a text line with everything beside it. Items count from the row's top left, y downwards.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub height: f32,
    /// Room above, dropped at a page's top.
    pub before: f32,
    /// The next row must stand on the same page.
    pub keep: bool,
    /// How many rows above the head of its table stands, which is shown again at a page's top; 0 outside of tables.
    pub head: usize,
    /// A new page begins here.
    pub page_break: bool,
    pub items: Vec<Item>,
    /// Links inside the row: rectangle from the row's top left, target address, element, contents.
    pub uris: Vec<([f32; 4], String, usize, String)>,
    /// Entry of contents or bookmark that this row begins.
    pub anchor: Option<usize>,
}

/// Where a row ended up.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub row: usize,
    pub page: usize,
    /// Top of the row, from the page's bottom.
    pub top: f32,
    /// A table's head shown once more: decoration, for whoever listens has heard it.
    pub again: bool,
}

/// Places rows between `top` and `bottom` (from the page's bottom), starting on page `first`.
pub fn place(rows: &[Row], first: usize, top: f32, bottom: f32) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::with_capacity(rows.len());
    let (mut page, mut y, mut start) = (first, top, 0);
    let mut i = 0;
    while i < rows.len() {
        let row = &rows[i];
        if row.page_break && i > start {
            (page, y, start) = (page + 1, top, i);
        }
        let before = if y >= top { 0.0 } else { row.before };
        if y - before - row.height < bottom && i > start {
            // Go back to the last row that may end a page; a chain longer than a page is cut where it is.
            let mut cut = i;
            while cut > start + 1 && rows[cut - 1].keep {
                cut -= 1;
            }
            if cut == start + 1 && rows[start].keep {
                cut = i;
            }
            out.truncate(out.len() - (i - cut));
            (page, y, start, i) = (page + 1, top, cut, cut);
            if let Some(head) = cut.checked_sub(rows[cut].head).filter(|h| *h != cut) {
                out.push(Placed { row: head, page, top, again: true });
                y -= rows[head].height;
            }
            continue;
        }
        y -= before;
        out.push(Placed { row: i, page, top: y, again: false });
        y -= row.height;
        i += 1;
    }
    out
}

/// Marks rows of one paragraph so that neither its first nor its last line stands alone.
pub fn keep_together(rows: &mut [Row]) {
    let n = rows.len();
    for (i, row) in rows.iter_mut().enumerate() {
        if n > 1 && (i == 0 || i + 2 == n) {
            row.keep = true;
        }
    }
}

/// Moves an item from the row's corner to its place on the page.
pub fn shift(item: &Item, dx: f32, top: f32) -> Item {
    let paint = match item.paint.clone() {
        Paint::Text { x, y, size, face, color, glyphs } => {
            Paint::Text { x: x + dx, y: top - y, size, face, color, glyphs }
        }
        Paint::Line { x1, x2, y, width, color } => {
            Paint::Line { x1: x1 + dx, x2: x2 + dx, y: top - y, width, color }
        }
        Paint::Frame { x, y, w, h, color } => Paint::Frame { x: x + dx, y: top - y - h, w, h, color },
        Paint::Fill { x, y, w, h, color } => Paint::Fill { x: x + dx, y: top - y - h, w, h, color },
    };
    Item { elem: item.elem, paint }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(keep: bool) -> Row {
        Row { height: 10.0, keep, ..Row::default() }
    }

    #[test]
    fn a_heading_never_ends_a_page() {
        let rows: Vec<Row> = (0..12).map(|i| row(i == 9)).collect();
        let placed = place(&rows, 0, 100.0, 0.0);
        assert_eq!(placed.iter().map(|p| p.page).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn a_tables_head_is_shown_again_on_each_page() {
        let rows: Vec<Row> = (0..25).map(|i| Row { head: i, ..row(i == 0) }).collect();
        let placed = place(&rows, 0, 100.0, 0.0);
        let again: Vec<_> = placed.iter().filter(|p| p.again).map(|p| (p.row, p.page, p.top)).collect();
        assert_eq!(again, [(0, 1, 100.0), (0, 2, 100.0)]);
        let rows: Vec<_> = placed.iter().filter(|p| !p.again).map(|p| p.row).collect();
        assert_eq!(rows, (0..25).collect::<Vec<_>>());
    }

    #[test]
    fn every_row_is_placed_once_even_when_a_chain_is_longer_than_a_page() {
        let rows: Vec<Row> = (0..45).map(|_| row(true)).collect();
        let placed = place(&rows, 0, 100.0, 0.0);
        assert_eq!(placed.iter().map(|p| p.row).collect::<Vec<_>>(), (0..45).collect::<Vec<_>>());
    }
}
