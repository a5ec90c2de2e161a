// Draws a year of twelve months; a press on a day tells the page which.
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const legend = parentElement.querySelector(".legend");
  legend.replaceChildren(...data.legend.map(([look, label]) => {
    const entry = make("span", "entry", "");
    entry.append(make("i", `swatch ${look}`, ""), label);
    return entry;
  }));

  const year = parentElement.querySelector(".year");
  year.replaceChildren(...data.months.map((name) => {
    const month = make("section", "month", "");
    month.append(make("h4", "name", name));
    const days = make("div", "days", "");
    days.append(...data.weekdays.map((weekday) => make("span", "weekday", weekday)));
    month.append(days);
    return month;
  }));

  for (const { day, look, mark, title } of data.days) {
    const [number, month, date] = day.split("-").map(Number);
    const node = make("button", `day ${look}${day === data.today ? " today" : ""}`, String(date));
    node.type = "button";
    node.tabIndex = -1; // the form beside it is the way for the keyboard; 365 stops would be none
    node.title = title;
    node.setAttribute("aria-label", title);
    node.dataset.mark = mark;
    if (date === 1) node.style.gridColumnStart = (new Date(number, month - 1, 1).getDay() + 6) % 7 + 1;
    node.onclick = () => setTriggerValue("pressed", day);
    year.children[month - 1].querySelector(".days").append(node);
  }
}
