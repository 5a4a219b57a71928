"""Rules by which a council's nominations are decided between."""
