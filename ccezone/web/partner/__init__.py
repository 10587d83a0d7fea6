"""Pages of partner organisations: banks by consent, the tax bureau and inspection agencies by competence."""
