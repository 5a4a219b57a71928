"""Reports: a page of a run or a study, as HTML, PDF, PNG or Markdown."""
