export function isEmailAddress(text) {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(text);
}

export function isArticleNumber(text) {
  return /^[A-Z]{2}-\d{3}$/u.test(text);
}
