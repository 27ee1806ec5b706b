//! The rules: id, severity and source. Ids never change their meaning; a rule that goes leaves its id unused.

crate::import::words! {
    /// A quality rule. S: how it is said, L: law, T: technique, C: contradictions, P: parties and papers, E: evidence,
    /// R: reviews, D: the document, I: style.
    Rule {
        S01 = "s01", S02 = "s02", S03 = "s03", S04 = "s04", S05 = "s05", S06 = "s06", S07 = "s07", S08 = "s08",
        S09 = "s09", S10 = "s10", S11 = "s11", S12 = "s12", S13 = "s13", S14 = "s14", S15 = "s15", S16 = "s16",
        L01 = "l01", L02 = "l02", L03 = "l03", L04 = "l04", L05 = "l05", L06 = "l06", L07 = "l07", L08 = "l08",
        L09 = "l09", L10 = "l10", L11 = "l11",
        T01 = "t01", T02 = "t02", T03 = "t03", T04 = "t04", T05 = "t05", T06 = "t06", T07 = "t07", T08 = "t08",
        T09 = "t09", T10 = "t10", T11 = "t11", T12 = "t12", T13 = "t13", T14 = "t14",
        C01 = "c01", C02 = "c02", C03 = "c03", C04 = "c04", C05 = "c05", C06 = "c06", C07 = "c07", C08 = "c08", C09 = "c09",
        P01 = "p01", P02 = "p02", P03 = "p03", P04 = "p04", P05 = "p05", P06 = "p06",
        E01 = "e01", E02 = "e02", E03 = "e03", E04 = "e04", E05 = "e05", E06 = "e06",
        R01 = "r01", R02 = "r02", R03 = "r03", R04 = "r04",
        D01 = "d01", D02 = "d02", D03 = "d03", D04 = "d04", D05 = "d05", D06 = "d06",
        I01 = "i01",
    }
}

crate::import::words! {
    /// How much a hint weighs.
    Severity {
        /// Holds a release back until it is mended or dismissed with a reason.
        Error = "error",
        Warn = "warn",
        Info = "info",
    }
}

use Rule as R;

impl Rule {
    /// As people write it: `S01`.
    pub fn id(self) -> String {
        self.as_str().to_uppercase()
    }

    pub fn severity(self) -> Severity {
        match self {
            R::S04
            | R::S05
            | R::S08
            | R::L01
            | R::L02
            | R::L06
            | R::L11
            | R::T01
            | R::T02
            | R::T05
            | R::T07
            | R::T13
            | R::C04
            | R::C06
            | R::P01
            | R::P02
            | R::P05
            | R::E01
            | R::E03
            | R::R01
            | R::D04
            | R::D06 => Severity::Error,
            R::S03
            | R::S09
            | R::S16
            | R::L04
            | R::L05
            | R::T14
            | R::C02
            | R::P04
            | R::D01
            | R::D02
            | R::I01 => Severity::Info,
            R::S01
            | R::S02
            | R::S06
            | R::S07
            | R::S10
            | R::S11
            | R::S12
            | R::S13
            | R::S14
            | R::S15
            | R::L03
            | R::L07
            | R::L08
            | R::L09
            | R::L10
            | R::T03
            | R::T04
            | R::T06
            | R::T08
            | R::T09
            | R::T10
            | R::T11
            | R::T12
            | R::C01
            | R::C03
            | R::C05
            | R::C07
            | R::C08
            | R::C09
            | R::P03
            | R::P06
            | R::E02
            | R::E04
            | R::E05
            | R::E06
            | R::R02
            | R::R03
            | R::R04
            | R::D03
            | R::D05 => Severity::Warn,
        }
    }

    /// What the rule rests on: statute, standard or paper with its section.
    pub fn source(self) -> &'static str {
        match self {
            R::S01 | R::S02 | R::S03 | R::S06 | R::S07 | R::S11 | R::S14 => {
                "SCC 2021/915 Annex III, 2021/914 Annex II (Erläuterung: konkret, nicht allgemein)"
            }
            R::S04 | R::S10 | R::S16 => "Art. 5 Abs. 2, 32 Abs. 1 DSGVO; EuGH C-340/21",
            R::S05 => "Art. 32 Abs. 1 lit. b DSGVO",
            R::S08 => "EDPB-Leitlinien 07/2020",
            R::S09 => "Art. 5 Abs. 2 DSGVO",
            R::S12 | R::S13 | R::S15 => "SCC 2021/915 Annex III (Erläuterung)",
            R::L01 => "Art. 28 DSGVO; § 11 BDSG a.F. (bis 24.05.2018)",
            R::L02 => "§ 3 TDDDG (seit 14.05.2024), § 3 TTDSG (seit 01.12.2021)",
            R::L03 => "Art. 28 Abs. 3 lit. b, 29, 32 Abs. 4 DSGVO; § 5 BDSG a.F.",
            R::L04 | R::D01 | R::D02 | R::I01 => "Einheitlichkeit des Dokuments",
            R::L05 => "Art. 4 Nr. 2, 7 DSGVO",
            R::L06 => "§ 80 SGB X, § 393 SGB V, § 203 StGB",
            R::L07 => "Art. 31, 58 DSGVO",
            R::L08 => "SCC 2021/915 Annex III; ISO/IEC 27001:2013 ungültig seit 31.10.2025",
            R::L09 => "Art. 5 Abs. 1 lit. e DSGVO",
            R::L10 => "Art. 4 Nr. 7, 8, Art. 28 Abs. 2, 4 DSGVO",
            R::L11 => "Anlage zu § 9 Satz 1 BDSG a.F.; § 64 Abs. 3 BDSG",
            R::T01 | R::T02 => "BSI IT-Grundschutz ORP.4",
            R::T03 => "BSI IT-Grundschutz ORP.4.A23",
            R::T04 => "BSI TR-02102-2 (2026-01)",
            R::T05 | R::T06 | R::C09 => "Art. 32 Abs. 1 lit. a DSGVO",
            R::T07 => "DSK-Orientierungshilfe Videoüberwachung (72 Stunden)",
            R::T08 => "ISO/IEC 21964 (DIN 66399)",
            R::T09 => "Art. 32 Abs. 1 lit. c DSGVO",
            R::T10 => "Art. 9, 32 Abs. 1 DSGVO; BSI IT-Grundschutz ORP.4",
            R::T11 => "BSI IT-Grundschutz ORP.4",
            R::T12 => "RFC 9562; FIPS 197",
            R::T13 => "DSK-Orientierungshilfe E-Mail (16.06.2021)",
            R::T14 => "Art. 9, 35 DSGVO",
            R::C01 | R::C02 | R::C03 | R::C04 | R::C05 | R::C07 | R::C08 => {
                "Art. 5 Abs. 2 DSGVO (Widerspruchsfreiheit)"
            }
            R::C06 => "Art. 17, 28 Abs. 3 lit. g DSGVO; SDM-Baustein 60",
            R::P01 | R::P05 => "Art. 28 Abs. 2, 4 DSGVO; EDPB-Stellungnahme 22/2024",
            R::P02 | R::E02 => "Art. 5 Abs. 2, 24 Abs. 1 DSGVO; EuGH C-340/21",
            R::P03 => "Art. 24 Abs. 2 DSGVO",
            R::P04 | R::E01 => "Art. 24 Abs. 1, 32 Abs. 4 DSGVO",
            R::P06 => "Art. 32 Abs. 1 lit. b DSGVO",
            R::E03 | R::E06 => "Art. 5 Abs. 2 DSGVO",
            R::E04 => "ISO/IEC 27001:2022; BSI C5:2026",
            R::E05 => "Art. 5 Abs. 1 lit. c DSGVO",
            R::R01 | R::R02 | R::R03 | R::R04 => "Art. 32 Abs. 1 lit. d DSGVO",
            R::D03 => "Art. 28 Abs. 3, 9 DSGVO",
            R::D04 => "Art. 28 Abs. 9 DSGVO; § 126b BGB",
            R::D05 => "SCC 2021/915 Annex III; Art. 32 Abs. 1 DSGVO",
            R::D06 => "SCC 2021/915 Klausel 7.4; EDPB-Leitlinien 07/2020",
        }
    }

    /// Whether the rule needs what only the portal knows (owners, evidence, reviews, releases).
    pub fn needs_state(self) -> bool {
        matches!(
            self,
            R::P02
                | R::P05
                | R::P06
                | R::E01
                | R::E02
                | R::E03
                | R::E04
                | R::E05
                | R::E06
                | R::R01
                | R::R02
                | R::R03
                | R::R04
                | R::D04
                | R::D06
        )
    }
}
