// The minimum that shows the first rows of the list: the baseline for the console (start.bench.ts).
const { token } = JSON.parse(sessionStorage.getItem("credmgr / /api/v1 session"));
const answer = await fetch("/api/v1/api_tokens/?limit=100&offset=0", {
  headers: { "X-API-TOKEN": token, Accept: "application/json" },
  cache: "no-store",
  credentials: "omit",
});
const rows = (await answer.json()).slice(0, 25).map(({ id, name }) => {
  const row = document.createElement("tr");
  const link = document.createElement("a");
  link.href = `/tokens/${id}`;
  link.textContent = name;
  row.insertCell().append(link);
  row.insertCell().append(String(id));
  return row;
});
document.querySelector("tbody").append(...rows);
